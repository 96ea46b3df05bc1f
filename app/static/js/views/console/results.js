// The figures after publication, list by list.

import { html, nothing } from "lit-html";
import { t, text } from "../../core/i18n.js";
import { isOneList, WHOLE } from "../../core/lists.js";
import { groupByBucket } from "../../core/methods.js";
import { factorOf, rounds, tallies } from "../../core/records.js";
import { resultOf, turnoutWords } from "../results/result.js";
import { emptyUrn } from "../results/words.js";

/** @import {Round, Tally, TallyRow} from "../../core/records.js" */

/**
 * The newest tally by the agenda's order, then by epoch.
 * @param {Tally[]} list
 * @returns {Tally | undefined}
 */
export function lastTally(list) {
  const order = (/** @type {Tally} */ tally) => rounds.value.find((round) => round.id === tally.round)?.order ?? 0;
  return [...list].sort((a, b) => order(b) - order(a) || b.epoch - a.epoch)[0];
}

/** The tally of a round, its newest epoch. @param {Round} round @returns {Tally | undefined} */
export const tallyOf = (round) => tallies.value.filter((tally) => tally.round === round.id).sort((a, b) => b.epoch - a.epoch)[0];

/** @param {Tally} tally @param {string | null} factor only this factor, or all of them in one list */
export function resultsView(tally, factor) {
  const round = rounds.value.find(({ id }) => id === tally.round);
  return html`<p class="results-of"><strong>${text(round?.name)}</strong></p> ${turnoutWords(tally)}
    ${tally.ballots ? lists(tally, factor).map((rows) => listView(tally, rows)) : html`<p class="empty">${emptyUrn()}</p>`}`;
}

/** @param {Tally} tally @param {string | null} factor @returns {TallyRow[][]} */
function lists(tally, factor) {
  if (isOneList(tally.rows)) return [[...tally.rows].sort((a, b) => a.rank - b.rank)];
  const groups = groupByBucket(tally.rows);
  if (factor) return [groups.get(factor) ?? []];
  return [...groups].sort(([a], [b]) => (factorOf(a)?.number ?? 0) - (factorOf(b)?.number ?? 0)).map(([, group]) => group);
}

/** @param {Tally} tally @param {TallyRow[]} rows */
function listView(tally, rows) {
  const factor = rows[0] && rows[0].bucket !== WHOLE ? factorOf(rows[0].factor) : undefined;
  if (!rows.length) return html`<p class="empty">${t("No figures for this factor.")}</p>`;
  const single = isOneList(tally.rows);
  return html`
    <section class="results" data-factor-number=${single ? nothing : factor?.number ?? nothing}>
      ${factor && !single ? html`<h3 class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h3>` : nothing}
      ${resultOf(tally, rows)}
    </section>`;
}
