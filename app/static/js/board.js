// The board of participants, scribes, experts, observers and rapporteurs: puts each view into the region that templates/board.html keeps.

import { effect } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { loadDrafts } from "./core/drafts.js";
import { icon } from "./core/icon.js";
import { t, text } from "./core/i18n.js";
import { startMine } from "./core/mine.js";
import { board } from "./core/records.js";
import { isVoting, isWriting } from "./core/rounds.js";
import { goodbye, start } from "./core/session.js";
import { startTheme } from "./core/theme.js";
import { composer } from "./views/board/composer.js";
import { mayGroup, mayHere, shown, startFollowing, takesCards } from "./views/board/follow.js";
import { headView, startClock } from "./views/board/head.js";
import { later, soon } from "./views/board/later.js";
import { loadLater } from "./views/board/load-later.js";
import { startNews } from "./views/board/news.js";
import { readingView } from "./views/board/reading.js";
import { editing, liveRound, loadShortcuts, openFactor } from "./views/board/state.js";
import { isOneList, scopeWords, stripView } from "./views/board/strip.js";
import { overall } from "./views/board/tally.js";
import { watch } from "./views/board/watch.js";
import { mayWrite, writingView } from "./views/board/writing.js";

function body() {
  const { round, phase } = shown.value;
  const factor = openFactor.value;
  if (!board.value || !factor) return waiting();
  const scope = scopeWords();
  const intro = round && phase === "live" ? html`${instruction(round)} ${scope ? html`<p class="board-scope">${scope}</p>` : nothing}` : nothing;
  return html`<div class="board-page" data-factor-number=${factor.number} tabindex="-1">${intro} ${work(round, phase, factor)}</div>`;
}

const waiting = () => html`<p class="board-waiting">${t("Connecting…")}</p>`;

const helpButton = () => html`<button type="button" class="button button-quiet button-icon" aria-label=${t("Help and keys")} title=${t("Help and keys")} @click=${() => soon((views) => void views.showHelp())}>${icon("help")}</button>`;

/** @param {import("./core/records.js").Round} round */
function instruction(round) {
  const words = text(round.instruction);
  const asks = takesCards(round) || mayHere("ballot.cast", round) || round.kind === "cluster";
  return words && asks ? html`<p class="board-instruction">${words} ${later.value?.readAloudButton(words)}</p>` : nothing;
}

/** @param {import("./core/records.js").Round | undefined} round @param {string} phase @param {import("./core/records.js").Factor} factor */
function work(round, phase, factor) {
  if (round && phase === "live" && takesCards(round)) return writingView(round, factor);
  if (round && phase === "live" && mayHere("ballot.cast", round)) return later.value?.voteView(round, isOneList() ? undefined : factor) ?? waiting();
  if (round && phase === "live" && round.kind === "cluster") return later.value?.groupingView(round, factor) ?? readingView(factor);
  const tally = phase === "closed" ? undefined : overall();
  const panel = later.value?.calmPanel(round, phase) ?? waiting();
  return html`${panel} ${later.value?.deskView()} ${later.value?.lateDrafts(null, factor)} ${tally ? later.value?.rankingView(tally) : nothing} ${readingView(factor)}`;
}

/** Whether the seat was taken elsewhere or taken back: what is done here would never leave this device. */
const isGone = () => ["moved", "removed", "locked"].includes(goodbye.value);

function foot() {
  const { round, phase } = shown.value;
  const factor = openFactor.value;
  if (!round || phase !== "live" || !factor || isGone()) return nothing;
  if (isWriting(round)) return mayWrite(round, factor) && !editing.value ? composer(round, factor) : nothing;
  if (isVoting(round)) return later.value?.ballotBar(round);
  return round.kind === "cluster" ? later.value?.groupingBar(round) : nothing;
}

watch("board-title", () => (board.value ? text(board.value.title) : nothing));
watch("board-tools", () => html`${later.value?.handButton() ?? nothing} ${later.value?.turnButton()} ${helpButton()}`);
watch("board-banner", () => html`${later.value?.summaryView()} ${later.value?.bannerView()}`);
watch("board-urgent", () => later.value?.urgentView() ?? nothing);
watch("board-spot", () => later.value?.spotlightView() ?? nothing);
watch("board-head", headView);
watch("board-strip", stripView);
watch("board-body", body);
watch("board-foot", foot);

effect(() => {
  document.getElementById("board-body")?.toggleAttribute("inert", isGone());
});

startTheme();
startClock();
startNews();

// What this device kept is there before anything comes from the server.
Promise.all([loadDrafts(), loadShortcuts(), startMine()]).then(() => {
  startFollowing();
  start();
  // Not before the link is asked for: it goes first on a thin line.
  void loadLater();
});

soon(({ listenToKeys, listenToSwipes, startDragging, startHints, startSpotlight, dropped }) => {
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  listenToKeys();
  startSpotlight();
  startHints();
  listenToSwipes(root);
  startDragging(root, () => liveRound.value !== undefined && mayGroup(liveRound.value, openFactor.value), dropped);
});
