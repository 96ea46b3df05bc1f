// The same figures as a table: for whoever hears the page, and for whoever wants the number.

import { html, nothing } from "lit-html";
import { formatNumber, t, text } from "../../core/i18n.js";
import { criterionWords } from "../../core/criteria.js";
import { criteriaOf, nameOf } from "../../core/methods.js";
import { rounds } from "../../core/records.js";
import { gapWords, isCompared, meanWords } from "./dumbbells.js";
import { decimal, isMean, marksOf, placesWords, rowLabel, valueOf } from "./words.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */
/** @typedef {{title: string, cell: (row: TallyRow) => unknown, isNumber?: boolean}} Column */

/** @param {Tally} tally @returns {Column[]} */
function columns(tally) {
  const number = (/** @type {number | null | undefined} */ value) => (value === null || value === undefined ? "" : formatNumber(value));
  const figure = isMean(tally) ? decimal : number;
  /** @type {Column[]} */
  const list = [{ title: t("Place"), isNumber: true, cell: (row) => `${row.rank}${row.tied ? " =" : ""}` }];
  if (nameOf(tally) === "consent") {
    list.push(...[["agree", t("agree")], ["reserve", t("with a reserve")], ["opposed", t("opposed")]].map(([id = "", title = ""]) => ({ title, isNumber: true, cell: (/** @type {TallyRow} */ row) => number(row.counts[id] ?? 0) })));
  } else if (nameOf(tally) === "criteria_1_5") {
    list.push(...criteriaOf(tally).map((id) => ({ title: criterionWords(id), isNumber: true, cell: (/** @type {TallyRow} */ row) => decimal(row.criteria?.[id]?.value) })));
  } else list.push({ title: isMean(tally) ? t("Mean") : t("Total"), isNumber: true, cell: (row) => figure(valueOf(tally, row)) });
  if (isCompared(tally)) list.push({ title: t("Then"), isNumber: true, cell: (row) => meanWords(row.then?.value, row.then?.interval) }, { title: t("Answers then"), isNumber: true, cell: (row) => number(row.then?.answers) }, { title: t("Now"), isNumber: true, cell: (row) => meanWords(row.value, row.interval) }, { title: t("Gap of the sides"), cell: gapWords });
  if (nameOf(tally) === "rank") list.push({ title: t("First choices"), isNumber: true, cell: (row) => number(row.first) }, { title: t("Pair by pair"), isNumber: true, cell: (row) => number(row.schulze) });
  if (isMean(tally)) list.push({ title: t("Answers"), isNumber: true, cell: (row) => number(row.answers) });
  if (tally.rows.some((row) => row.agreement)) list.push({ title: t("Agreement"), isNumber: true, cell: (row) => (row.agreement === null || row.agreement === undefined ? "" : formatNumber(Math.round(row.agreement * 100) / 100)) });
  if (tally.rows.some((row) => row.internal !== null)) list.push({ title: t("Internal"), isNumber: true, cell: (row) => (row.internal === null ? t("withheld") : figure(row.internal)) }, { title: t("External"), isNumber: true, cell: (row) => (row.external === null ? t("withheld") : figure(row.external)) });
  if (tally.rows.some((row) => row.across)) list.push({ title: t("Both sides agree"), isNumber: true, cell: (row) => (row.across ? formatNumber(Math.round(row.across * 100) / 100) : t("withheld")) });
  if (tally.rows.some((row) => placesWords(row))) list.push({ title: t("Between"), cell: (row) => placesWords(row) });
  if (tally.rows.some((row) => marksOf(row).length)) list.push({ title: t("Note"), cell: (row) => marksOf(row).map(({ words }) => words).join(" · ") });
  return list;
}

/** @param {Tally} tally @param {readonly TallyRow[]} rows */
export function resultTable(tally, rows) {
  const list = columns(tally);
  return html`
    <div class="table-wrap" tabindex="0" role="group" aria-label=${t("Table")}><table class="table results-table">
      <caption class="visually-hidden">${text(rounds.value.find(({ id }) => id === tally.round)?.name)}</caption>
      <thead><tr><th scope="col">${t("What was voted on")}</th>${list.map(({ title, isNumber }) => html`<th scope="col" class=${isNumber ? "number" : nothing}>${title}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row" dir="auto">${rowLabel(row)}</th>${list.map(({ cell, isNumber }) => html`<td class=${isNumber ? "number" : nothing}>${cell(row)}</td>`)}</tr>`)}</tbody>
    </table></div>`;
}
