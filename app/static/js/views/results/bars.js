// A ranking in bars: ties share a place, intervals and dissent stand in words, the two sides apart where the tally tells them.

import { html, nothing } from "lit-html";
import { t, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { nameOf } from "../../core/methods.js";
import { factorOf } from "../../core/records.js";
import { isMean, marksOf, placesWords, rowLabel, sidesWords, valueOf, valueWords } from "./words.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

const HIGHEST_SCORE = 5;

/** The length of a full bar. @param {Tally} tally @param {readonly TallyRow[]} rows */
export const fullBar = (tally, rows) => (isMean(tally) ? HIGHEST_SCORE : Math.max(1, ...rows.map((row) => valueOf(tally, row))));

/** @param {Tally} tally @param {readonly TallyRow[]} rows in the order in which they are read @param {number} most */
export const barList = (tally, rows, most) => html`<ol class="bars" data-method=${nameOf(tally)}>${rows.map((row) => bar(tally, row, most))}</ol>`;

/** @param {Tally} tally @param {TallyRow} row @param {number} most */
function bar(tally, row, most) {
  const notes = notesOf(row);
  const sides = sidesWords(tally, row);
  return html`
    <li class="bar ${row.tied ? "bar-tied" : ""}" data-factor-number=${factorOf(row.factor)?.number ?? nothing}>
      <span class="bar-rank" title=${row.tied ? t("Tied") : nothing}>${row.rank}${row.tied ? html`<span class="visually-hidden"> (${t("tied")})</span>` : nothing}</span>
      <span class="bar-label" dir="auto">${rowLabel(row)}</span> <span class="bar-value">${valueWords(tally, row)}</span>
      <span class="bar-track" aria-hidden="true">${track(tally, row, most)}</span>
      ${notes.length || sides || marksOf(row).length ? html`<span class="bar-notes">${notes.map((words) => html`<span>${words}</span>`)}${sides ? html`<span class="bar-sides">${sides}</span>` : nothing}${marksOf(row).map(mark)}</span>` : nothing}
    </li>`;
}

/** @param {TallyRow} row */
const notesOf = (row) => [firstWords(row), placesWords(row)].filter(Boolean);

/** Whether something of it stands under its bar on a screen that shows no sides in words. @param {TallyRow} row */
export const hasNotes = (row) => notesOf(row).length > 0 || marksOf(row).length > 0;

/** @param {TallyRow} row */
const firstWords = ({ first }) => (first ? tn("first for %(n)s", "first for %(n)s", first) : "");

/** @param {{id: string, words: string}} mark */
const mark = ({ id, words }) => html`<span class="bar-mark" data-mark=${id}>${icon(id === "quick_win" ? "check" : "warning")} ${words}</span>`;

/** A property, not an attribute: the page's policy refuses style attributes. @param {number} share */
const width = (share) => `--share: ${share}`;

/** @param {Tally} tally @param {TallyRow} row @param {number} most */
function track(tally, row, most) {
  if (nameOf(tally) === "consent") return consentParts(row);
  if (isMean(tally) || row.internal === null || row.external === null) return html`<span class="bar-fill" .style=${width(valueOf(tally, row) / most)}></span>`;
  return html`<span class="bar-fill" data-side="internal" .style=${width(row.internal / most)}></span><span class="bar-fill" data-side="external" .style=${width(row.external / most)}></span>`;
}

/** The three shares of those who answered. @param {TallyRow} row */
function consentParts(row) {
  const all = Object.values(row.counts).reduce((sum, count) => sum + count, 0) || 1;
  return ["agree", "reserve", "opposed"].map((answer) => html`<span class="bar-fill" data-answer=${answer} .style=${width((row.counts[answer] ?? 0) / all)}></span>`);
}
