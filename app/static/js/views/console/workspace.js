// Under the clock: the review tray, the board, the frozen list of a vote or its ranking, as the round's state calls for.

import { html, nothing } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { cards, clusters, factorOf, factors, tallies } from "../../core/records.js";
import { isVoting, isWriting } from "../../core/rounds.js";
import { boardView } from "./board.js";
import { isOneList } from "../../core/lists.js";
import { targetLabel } from "./labels.js";
import { contested, merges, mergesView } from "./merges.js";
import { lastTally, resultsView, tallyOf } from "./results.js";
import { reviewView } from "./review.js";
import { chosenRound, factorId, tab } from "./state.js";
import { candidates } from "./targets.js";
import { watch } from "./watch.js";
import { kindIcon } from "./words.js";

/** @import {Round} from "../../core/records.js" */
/** @typedef {"review"|"list"|"board"|"merges"|"results"} Tab */

/** @param {HTMLElement} root */
export const mount = (root) => watch(root, view);

function view() {
  const round = chosenRound.value;
  if (!round) return nothing;
  const open = tabsOf(round);
  const shown = open.find((id) => id === tab.value) ?? preferred(round, open);
  if (!shown) return emptyView(round);
  return html`
    <h2 class=${open.length > 1 ? "visually-hidden" : "console-title"}>${tabWord(shown)}</h2>
    ${open.length > 1 ? tabStrip(open, shown) : nothing}
    <div class="workspace-body" data-tab=${shown}>${bodyOf(shown, round)}</div>`;
}

/** @param {Round} round @returns {Tab[]} */
function tabsOf(round) {
  /** @type {Tab[]} */
  const open = [];
  if (isWriting(round) && round.state === "closed") open.push("review");
  if (isVoting(round) && (round.ballot || round.targets === "clusters") && round.state !== "published") open.push("list");
  if (tallyOf(round) ?? lastTally(tallies.value)) open.push("results");
  if (cards.value.some((card) => card.state !== "review")) open.push("board");
  if (merges().length) open.push("merges");
  return open;
}

/** @param {Round} round @param {Tab[]} open @returns {Tab | undefined} */
function preferred(round, open) {
  const wished = isWriting(round) ? "review" : isVoting(round) ? (round.state === "published" ? "results" : "list") : round.kind === "discuss" ? "results" : "board";
  return open.includes(wished) ? wished : open.find((id) => id === "board") ?? open[0];
}

/** @param {Tab} id */
const tabWord = (id) => ({ review: t("Review"), list: t("List of the vote"), board: t("Board"), merges: contested().length ? t("Merges: %(n)s contested", { n: contested().length }) : t("Merges"), results: t("Results") })[id];

/** @param {Tab[]} open @param {Tab} shown */
const tabStrip = (open, shown) => html`
  <div class="segmented workspace-tabs" role="group" aria-label=${t("Workspace")}>
    ${open.map((id) => html`<button type="button" class="segment" aria-pressed=${id === shown} @click=${() => (tab.value = id)}>${tabWord(id)}</button>`)}
  </div>`;

/** @param {Tab} shown @param {Round} round */
function bodyOf(shown, round) {
  switch (shown) {
    case "review": return reviewView(round);
    case "list": return listView(round);
    case "board": return boardView();
    case "merges": return mergesView();
    case "results": return rankingView(round);
  }
}

/** @param {Round} round */
function rankingView(round) {
  const tally = tallyOf(round) ?? lastTally(tallies.value);
  if (!tally) return nothing;
  const own = new Set(tally.rows.map((row) => row.factor));
  const choice = own.has(factorId.value ?? "") ? factorId.value : null;
  return html`
    ${own.size > 1 && !isOneList(tally.rows)
      ? html`<label class="results-choice">${t("Factor")}
          <select class="input" @change=${(/** @type {Event} */ event) => (factorId.value = /** @type {HTMLSelectElement} */ (event.target).value || null)}>
            <option value="" ?selected=${!choice}>${t("All factors")}</option>
            ${factors.value.filter((factor) => own.has(factor.id)).map((factor) => html`<option value=${factor.id} ?selected=${factor.id === choice}>${factor.number} · ${text(factor.title)}</option>`)}
          </select></label>`
      : nothing}
    ${resultsView(tally, choice)}`;
}

/** The list as it is frozen, or as it would be. @param {Round} round */
function listView(round) {
  const list = round.ballot ?? candidates(round, clusters.value, cards.value);
  return html`
    <p class="list-summary">
      ${round.ballot ? html`${icon("lock")} ${tn("Frozen list: %(n)s choice.", "Frozen list: %(n)s choices.", list.length)}` : tn("%(n)s choice as it stands; starting freezes the list.", "%(n)s choices as it stands; starting freezes the list.", list.length)}
      ${round.state === "closed" ? t("The ballots are counted when you publish; nobody has seen a figure.") : nothing}
    </p>
    ${isOneList(list) ? flat(list) : factors.value.map((factor) => frozen(factor.id, list.filter((target) => target.factor === factor.id)))}`;
}

/** @param {import("../../core/records.js").BallotTarget[]} list */
const flat = (list) => html`<ul class="frozen">${list.map((target) => html`<li>${target.words ? text(target.words) : targetLabel(target.id)}</li>`)}</ul>`;

/** @param {string} id @param {{id: string, table: string}[]} list */
function frozen(id, list) {
  const factor = factorOf(id);
  if (!list.length || !factor) return nothing;
  return html`
    <h3 class="factor-head" data-factor-number=${factor.number}><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span> <span class="count">${list.length}</span></h3>
    <ul class="frozen">${list.map((target) => html`<li data-table=${target.table}>${targetLabel(target.id)}</li>`)}</ul>`;
}

/** @param {Round} round */
function emptyView(round) {
  const words = {
    setup: t("Let people join: the code is on the wall and in “People and codes”."),
    brief: t("Nothing to handle here. The wall shows the title and the time."),
    assess: t("Scores are sealed. Only the turnout shows until you publish."),
    post: t("Actions are sealed. Nobody sees them, you neither, before the opening."),
    cluster: t("There are no published actions to group yet."),
    vote: t("Ballots are sealed. Only the turnout shows until you publish."),
    discuss: t("Nothing is published yet that could be discussed here."),
    prioritise: t("Nothing is published yet to choose from."),
    break: t("A good moment for a backup copy: take the exports."),
  }[round.kind];
  return html`<p class="empty workspace-empty">${icon(kindIcon(round.kind))} <span>${words}</span></p>`;
}
