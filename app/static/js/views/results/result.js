// What a published vote has given: the picture its method calls for, how it came about, and the same as a table.

import { html, nothing } from "lit-html";
import { t, tn } from "../../core/i18n.js";
import { nameOf } from "../../core/methods.js";
import { barList, fullBar } from "./bars.js";
import { dumbbells, dumbbellsKey, isCompared } from "./dumbbells.js";
import { isMatrix, matrixChart, matrixKey } from "./matrix.js";
import { isAssessment, multiples, multiplesKey } from "./multiples.js";
import { resultTable } from "./table.js";
import { handsOf } from "./hands.js";
import { isMean, paperWords, ruleWords } from "./words.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

// On such a screen a map is small, and its words must be large.
const NARROW = "(max-width: 39.99rem)";

/** One list of it. @param {Tally} tally @param {TallyRow[]} rows */
export function resultOf(tally, rows) {
  // A map and scores side by side show no places whose order would need a rule.
  const rule = isMatrix(tally) || isAssessment(tally) ? "" : ruleWords(tally, rows);
  return html`
    ${picture(tally, rows)}
    ${rule ? html`<p class="hint">${rule}</p>` : nothing}
    <details class="results-details"><summary>${t("As a table")}</summary>${resultTable(tally, rows)}</details>`;
}

/** @param {Tally} tally @param {TallyRow[]} rows */
function picture(tally, rows) {
  if (isMatrix(tally)) return html`<div class="matrix-pair">${matrixChart(tally, rows, matchMedia(NARROW).matches)}<div>${matrixKey(tally, rows)}</div></div>`;
  // In the order in which they were put: the eye looks for the factor it knows.
  if (isCompared(tally)) return dumbbells(tally.rows.filter((row) => rows.includes(row)));
  if (isAssessment(tally)) return multiples(tally, tally.rows.filter((row) => rows.includes(row)));
  return barList(tally, rows, fullBar(tally, rows));
}

/** How many voted, and what the colours mean. @param {Tally} tally */
export const turnoutWords = (tally) => html`
  <p class="results-summary">${tn("%(n)s ballot", "%(n)s ballots", tally.ballots)} · ${tn("%(n)s seat", "%(n)s seats", tally.seats)} ${legend(tally)}</p>
  ${paperWords(tally) ? html`<p class="hint">${paperWords(tally)}</p>` : nothing} ${handsOf(tally)}`;

/** @param {Tally} tally */
const legend = (tally) => html`${keyOf(tally)} ${withheld(tally)}`;

/** What the colours mean, of the rows that are shown. @param {Tally} tally @param {readonly TallyRow[]} rows */
export function keyOf(tally, rows = tally.rows) {
  if (nameOf(tally) === "consent") return html`<span class="bar-key" data-answer="agree">${t("agree")}</span> <span class="bar-key" data-answer="reserve">${t("with a reserve")}</span> <span class="bar-key" data-answer="opposed">${t("opposed")}</span>`;
  if (isCompared(tally)) return dumbbellsKey();
  if (isAssessment(tally)) return multiplesKey(rows.some(({ internal }) => internal !== null));
  if (!isMean(tally) && rows.some(({ internal }) => internal !== null)) return html`<span class="bar-key" data-side="internal">${t("internal")}</span> <span class="bar-key" data-side="external">${t("external")}</span>`;
  return nothing;
}

/** Why the sides do not stand apart everywhere. @param {Tally} tally */
function withheld(tally) {
  const some = tally.rows.some(({ internal }) => internal !== null);
  if (!tally.ballots || (some && tally.rows.every(({ internal }) => internal !== null))) return nothing;
  return html`<span class="results-withheld">${some ? t("The sides stand apart only where nobody’s choice could be told from them.") : t("Not split by side: fewer than five voters on one side, or the figures would tell too much.")}</span>`;
}
