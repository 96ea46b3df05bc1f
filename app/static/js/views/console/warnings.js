// Before a vote opens: what is odd about its list, told in words. The facilitator decides; the server freezes the list.

import { html } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { cards, clusters, factorOf } from "../../core/records.js";
import { ask } from "./ask.js";
import { oddities } from "./targets.js";

/** @import {Round} from "../../core/records.js" */

/** @param {Round} round */
const asksAboutGroups = (round) => round.kind === "vote" && round.targets === "clusters";

/**
 * @param {Round} round
 * @returns {{factor: string, number: number, words: string}[]}
 */
export function warnings(round) {
  if (!asksAboutGroups(round)) return [];
  return oddities(round, clusters.value, cards.value).flatMap((row) => {
    const number = factorOf(row.factor)?.number ?? 0;
    const words = [
      row.empty ? t("nothing to vote on") : "",
      row.lone ? tn("%(n)s action is in no group: it stands alone on the list", "%(n)s actions are in no group: they stand alone on the list", row.lone) : "",
      row.unnamed ? tn("%(n)s group has no name", "%(n)s groups have no name", row.unnamed) : "",
    ];
    return words.filter(Boolean).map((sentence) => ({ factor: row.factor, number, words: sentence }));
  });
}

/** @param {Round} round */
export function warningList(round) {
  return html`
    <ul class="warnings">
      ${warnings(round).map(
        (row) => html`<li><span class="factor-number" data-factor-number=${row.number}>${row.number}</span>
          <span><strong>${text(factorOf(row.factor)?.title ?? { fr: "", en: "" })}</strong> · ${row.words}</span></li>`,
      )}
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
