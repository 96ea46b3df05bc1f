// Before a vote opens: what is odd about its list, told in words. The facilitator decides; the server freezes the list.

import { html, nothing } from "lit-html";
import { openDoubles } from "../../core/doubles.js";
import { t } from "../../core/i18n.js";
import { cards, clusters, factorOf } from "../../core/records.js";
import { ask } from "./ask.js";
import { oddities } from "./targets.js";

/** @import {Round} from "../../core/records.js" */

/** @param {Round} round */
const asksAboutGroups = (round) => round.kind === "vote" && round.targets === "clusters";

/**
 * One line per oddity, with the factors it is about and how often.
 * @param {Round} round
 * @returns {{words: string, factors: {number: number, count: number}[]}[]}
 */
export function warnings(round) {
  if (!asksAboutGroups(round)) return [];
  const rows = oddities(round, clusters.value, cards.value).map((row) => ({ ...row, number: factorOf(row.factor)?.number ?? 0 }));
  return [
    { words: t("Actions in no group: each stands alone on the list"), factors: rows.map(({ number, lone }) => ({ number, count: lone })) },
    { words: t("Groups without a name"), factors: rows.map(({ number, unnamed }) => ({ number, count: unnamed })) },
    { words: t("Likely duplicates that are still apart"), factors: likelyApart(round) },
    { words: t("Nothing to vote on"), factors: rows.map(({ number, empty }) => ({ number, count: empty ? 1 : 0 })) },
  ]
    .map((line) => ({ ...line, factors: line.factors.filter(({ count }) => count > 0) }))
    .filter((line) => line.factors.length > 0);
}

/** Actions that probably say the same and would split a vote, by factor. @param {Round} round */
function likelyApart(round) {
  const pairs = openDoubles().filter(({ cards: [a, b], likely }) => likely && a.factor === b.factor && [a, b].every((card) => card.state === "published" && card.kind === "action"));
  return round.factors.map((id) => ({ number: factorOf(id)?.number ?? 0, count: pairs.filter(({ cards: [a] }) => a.factor === id).length }));
}

/** @param {Round} round */
export function warningList(round) {
  return html`
    <ul class="warnings">
      ${warnings(round).map((line) => html`<li><span class="warnings-words">${line.words}</span>
        <span class="warnings-factors">${line.factors.map(({ number, count }) => html`<span><span class="factor-number" data-factor-number=${number}>${number}</span>${count > 1 ? html`<span class="warnings-count">× ${count}</span>` : nothing}</span>`)}</span></li>`)}
    </ul>`;
}

/** Asks only when there is something to ask about. @param {Round} round @returns {Promise<true | null>} */
export async function confirmStart(round) {
  if (!warnings(round).length) return true;
  return ask({
    title: t("Open the vote with this list?"),
    body: html`${warningList(round)}<p>${t("Opening freezes the list: groups can no longer change until the close.")}</p>`,
    yes: t("Open the vote"),
    value: () => /** @type {const} */ (true),
  });
}
