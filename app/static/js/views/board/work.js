/** The views that come after the first screen: see later.js. */

export { sentence } from "../../core/errors.js";
export { bannerView, urgentView } from "./banner.js";
export { calmPanel } from "./calm.js";
export { commentBox } from "./comment-box.js";
export { startDragging } from "./drag.js";
export { editor, openEditor } from "./editor.js";
export { exampleFor } from "./examples.js";
export { dropped, groupingBar, groupingView } from "./grouping.js";
export { showHelp } from "./help.js";
export { listenToKeys, listenToSwipes } from "./keys.js";
export { lateDrafts } from "./late.js";
export { handBanner, handButton } from "./hand.js";
export { askMove } from "./move-dialog.js";
export { askName } from "./name-dialog.js";
export { rename } from "./moves.js";
export { rankingView } from "./ranking.js";
export { ballotBar } from "./ballot-bar.js";
export { boxWords, isSigned, promiseOf, showWord, signature } from "./release.js";
export { calls, spotlightView, startSpotlight } from "./spotlight.js";
export { turnButton } from "./turn.js";
export { voteView } from "./vote.js";
export { adviceAfter, warningAbout } from "./wording.js";
