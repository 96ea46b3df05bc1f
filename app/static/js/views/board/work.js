/** The views that come after the first screen: see later.js. */

import { startRoster } from "./roster.js";

export { sentence } from "../../core/errors.js";
export { bannerView, urgentView } from "./banner.js";
export { calmPanel } from "./calm.js";
export { clusterNotes, clusterTools } from "./cluster-tools.js";
export { commentBox } from "./comment-box.js";
export { startHints } from "./doubles.js";
export { startDragging } from "./drag.js";
export { deskView } from "./desk.js";
export { deskSeat } from "./desk-seat.js";
export { editor, openEditor } from "./editor.js";
export { exampleFor } from "./examples.js";
export { dropped, groupingBar, groupingView } from "./grouping.js";
export { showHelp } from "./help.js";
export { listenToKeys, listenToSwipes } from "./keys.js";
export { lateDrafts } from "./late.js";
export { handBanner, handButton } from "./hand.js";
export { journal } from "./merges.js";
export { askMove } from "./move-dialog.js";
export { readAloudButton } from "./read-aloud.js";
export { rankingView } from "./ranking.js";
export { ballotBar } from "./ballot-bar.js";
export { spentOn } from "./points.js";
export { amongWords, boxWords, isSigned, promiseOf, showWord, signature } from "./release.js";
export { calls, spotlightView, startSpotlight } from "./spotlight.js";
export { summaryView } from "./summary.js";
export { turnButton } from "./turn.js";
export { voteView } from "./vote.js";
export { kindTag } from "../texts/comment-kind.js";
export { translateButton } from "../texts/translate.js";
export { adviceAfter, warningAbout } from "./wording.js";

startRoster();
