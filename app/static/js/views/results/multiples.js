// Scores on factors or questions, side by side: for each how often each score was given, the mean, and the two sides' means.

import { html, nothing } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { SCORES } from "../../contract-later.js";
import { icon } from "../../core/icon.js";
import { nameOf } from "../../core/methods.js";
import { factorOf } from "../../core/records.js";
import { decimal, marksOf, rowLabel, sidesWords } from "./words.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

/** Whether the scores are about things everybody knows by name, of which there are few. @param {Tally} tally */
export const isAssessment = (tally) => nameOf(tally) === "score_1_5" && tally.rows.every((row) => row.target === row.factor || row.table === "questions");

/** @param {Tally} tally @param {readonly TallyRow[]} rows */
export const multiples = (tally, rows) => html`<ul class="multiples">${rows.map((row) => panel(tally, row, mostOf(rows)))}</ul>`;

/** How high the highest column is, the same for all of them. @param {readonly TallyRow[]} rows */
const mostOf = (rows) => Math.max(1, ...rows.flatMap((row) => Object.values(row.counts)));

/** @param {Tally} tally @param {TallyRow} row @param {number} most */
function panel(tally, row, most) {
  const factor = row.target === row.factor ? factorOf(row.factor) : undefined;
  const apart = row.internal !== null && row.external !== null;
  return html`
    <li class="multiple" data-factor-number=${factor?.number ?? nothing}>
      <p class="multiple-title" dir="auto">${factor ? text(factor.title) : rowLabel(row)}</p>
      <p class="multiple-mean">${factor ? html`<span class="factor-number">${factor.number}</span>` : nothing} <strong>${decimal(row.value)}</strong> <span class="multiple-answers">${tn("%(n)s answer", "%(n)s answers", row.answers ?? 0)}</span></p>
      <div class="multiple-chart" aria-hidden="true">
        ${SCORES.map((score) => html`<span class="multiple-column" .style=${`--share: ${(row.counts[score] ?? 0) / most}`}></span>`)}
        ${row.value ? tick("mean", row.value) : nothing}
        ${apart ? html`${tick("internal", row.internal)}${tick("external", row.external)}` : nothing}
      </div>
      <p class="multiple-scale" aria-hidden="true">${SCORES.map((score) => html`<span>${score}</span>`)}</p>
      ${apart ? html`<p class="multiple-sides">${sidesWords(tally, row)}</p>` : nothing}
      ${marksOf(row).map(({ words }) => html`<p class="multiple-mark">${icon("warning")} ${words}</p>`)}
    </li>`;
}

/** A mean on the scale from the middle of the first column to the middle of the last. @param {string} of @param {number | null} value */
const tick = (of, value) => html`<span class="multiple-tick" data-of=${of} .style=${`--at: ${((value ?? 1) - 0.5) / 5}`}></span>`;

/** @param {boolean} apart whether the sides are told apart */
export const multiplesKey = (apart) => html`
  <span class="multiple-key" data-of="mean">${t("mean")}</span> ${apart ? html`<span class="multiple-key" data-of="internal">${t("internal")}</span> <span class="multiple-key" data-of="external">${t("external")}</span>` : nothing}`;
