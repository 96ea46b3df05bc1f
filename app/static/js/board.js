// The board of participants, scribes, experts, observers and rapporteurs: puts each view into the region that templates/board.html keeps.

import { html, nothing } from "lit-html";
import { loadDrafts } from "./core/drafts.js";
import { t, text } from "./core/i18n.js";
import { startMine } from "./core/mine.js";
import { board } from "./core/records.js";
import { isVoting, isWriting } from "./core/rounds.js";
import { start } from "./core/session.js";
import { startTheme } from "./core/theme.js";
import { bannerView, urgentView } from "./views/board/banner.js";
import { briefPanel, closedPanel, restPanel } from "./views/board/calm.js";
import { composer, lateDrafts } from "./views/board/composer.js";
import { startDragging } from "./views/board/drag.js";
import { mayHere, shown, startFollowing } from "./views/board/follow.js";
import { dropped, groupingBar, groupingView, mayGroup } from "./views/board/grouping.js";
import { headView, startClock } from "./views/board/head.js";
import { helpButton } from "./views/board/help.js";
import { listenToKeys, listenToSwipes } from "./views/board/keys.js";
import { startNews } from "./views/board/news.js";
import { rankingView, tallyOf } from "./views/board/ranking.js";
import { readingView } from "./views/board/reading.js";
import { editing, liveRound, loadShortcuts, openFactor } from "./views/board/state.js";
import { isOneList, scopeWords, stripView } from "./views/board/strip.js";
import { ballotBar, voteView } from "./views/board/vote.js";
import { watch } from "./views/board/watch.js";
import { mayWrite, writingView } from "./views/board/writing.js";

function body() {
  const { round, phase } = shown.value;
  const factor = openFactor.value;
  if (!board.value || !factor) return html`<p class="board-waiting">${t("Connecting…")}</p>`;
  const scope = scopeWords();
  const intro = round && phase === "live" ? html`${instruction(round)} ${scope ? html`<p class="board-scope">${scope}</p>` : nothing}` : nothing;
  return html`<div class="board-page" data-factor-number=${factor.number} tabindex="-1">${intro} ${work(round, phase, factor)}</div>`;
}

/** @param {import("./core/records.js").Round} round */
function instruction(round) {
  const words = text(round.instruction);
  const asks = isWriting(round) || isVoting(round) || round.kind === "cluster";
  return words && asks ? html`<p class="board-instruction">${words}</p>` : nothing;
}

/** @param {import("./core/records.js").Round | undefined} round @param {string} phase @param {import("./core/records.js").Factor} factor */
function work(round, phase, factor) {
  if (round && phase === "live" && mayHere("card.post", round)) return writingView(round, factor);
  if (round && phase === "live" && mayHere("ballot.cast", round)) return voteView(round, isOneList() ? undefined : factor);
  if (round && phase === "live" && round.kind === "cluster") return groupingView(round, factor);
  const overall = phase === "rest" ? tallyOf() : undefined;
  const panel = !round || phase === "rest" ? restPanel() : phase === "closed" ? closedPanel(round) : briefPanel(round);
  return html`${panel} ${lateDrafts(null, factor)} ${overall ? rankingView(overall) : nothing} ${readingView(factor)}`;
}

function foot() {
  const { round, phase } = shown.value;
  const factor = openFactor.value;
  if (!round || phase !== "live" || !factor) return nothing;
  if (isWriting(round)) return mayWrite(round, factor) && !editing.value ? composer(round, factor) : nothing;
  if (isVoting(round)) return ballotBar(round);
  return round.kind === "cluster" ? groupingBar(round) : nothing;
}

watch("board-title", () => (board.value ? text(board.value.title) : nothing));
watch("board-tools", helpButton);
watch("board-banner", bannerView);
watch("board-urgent", urgentView);
watch("board-head", headView);
watch("board-strip", stripView);
watch("board-body", body);
watch("board-foot", foot);

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
startTheme();
startClock();
startNews();
listenToKeys();
listenToSwipes(root);
startDragging(root, () => liveRound.value !== undefined && mayGroup(liveRound.value, openFactor.value), dropped);

// What this device kept is there before anything comes from the server.
Promise.all([loadDrafts(), loadShortcuts(), startMine()]).then(() => {
  startFollowing();
  start();
});
