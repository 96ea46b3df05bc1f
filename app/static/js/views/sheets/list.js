/** All sheets by factor: what becomes of each, who fills it, what is missing. */

import { html, nothing } from "lit-html";
import { SHEET_FIELDS, SHEET_SPARE } from "../../contract-later.js";
import { icon } from "../../core/icon.js";
import { formatPercent, t, text, tn } from "../../core/i18n.js";
import { factors, sheets } from "../../core/records.js";
import { you } from "../../core/session.js";
import { setAxes } from "./axes.js";
import { makeSheets } from "./make.js";
import { versionWords } from "./since.js";
import { may } from "./may.js";
import { open, show } from "./state.js";
import { dispositionWords, statusWords, tableWords } from "./words.js";

/** @import {Factor, Sheet} from "../../core/records.js" */

/** The fields that are asked for and empty. @param {Sheet} sheet @returns {string[]} */
export function missing(sheet) {
  const asked = sheet.disposition ? SHEET_FIELDS[sheet.disposition] : [];
  return asked.filter((field) => !SHEET_SPARE.includes(field) && !(/** @type {any} */ (sheet)[field]));
}

export const isComplete = (/** @type {Sheet} */ sheet) => sheet.disposition !== null && !missing(sheet).length;

export function listView() {
  const all = sheets.value.filter((sheet) => sheet.state !== "dropped");
  const dropped = sheets.value.filter((sheet) => sheet.state === "dropped");
  return html`
    <div class="line spread sheets-head">
      <p class="muted">${all.length ? summary(all) : nothing}</p>
      <div class="line">
        ${may("board.axes") ? html`<button type="button" class="button button-small" @click=${() => void setAxes()}>${icon("edit")} ${t("Strategy axes")}</button>` : nothing}
        ${may("sheet.make") ? html`<button type="button" class="button button-small button-primary" @click=${() => void makeSheets()}>${icon("plus")} ${t("New sheets")}</button>` : nothing}
      </div>
    </div>
    ${all.length ? factors.value.map((factor) => ofFactor(factor, all)) : empty()}
    ${dropped.length ? html`<details class="sheets-dropped"><summary>${tn("%(n)s sheet was dropped", "%(n)s sheets were dropped", dropped.length)}</summary><ul class="sheet-list">${dropped.map(row)}</ul></details>` : nothing}`;
}

/** @param {Sheet[]} all */
const summary = (all) =>
  t("%(done)s of %(all)s say all that is needed", { done: all.filter(isComplete).length, all: all.length });

const empty = () => html`
  <div class="empty">${icon("edit")}
    <p class="empty-title">${t("No action sheet yet")}</p>
    <p>${may("sheet.make") ? t("Choose the groups that the workshop kept; each gets a sheet that begins with its name, its factor and its votes.") : t("The facilitator opens the sheets once the workshop has chosen.")}</p></div>`;

/** @param {Factor} factor @param {Sheet[]} all */
function ofFactor(factor, all) {
  const here = all.filter((sheet) => sheet.factor === factor.id);
  if (!here.length) return nothing;
  return html`
    <section data-factor-number=${factor.number}>
      <h2 class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h2>
      <ul class="sheet-list">${here.map(row)}</ul>
    </section>`;
}

/** @param {Sheet} sheet */
function row(sheet) {
  const own = you.value.table !== null && sheet.table === you.value.table;
  const lacks = missing(sheet).length;
  return html`
    <li><button type="button" class="sheet-row" data-id=${sheet.id} aria-current=${open.value === sheet.id ? "true" : "false"} @click=${() => show(sheet.id)}>
      <span class="sheet-number">${sheet.number}</span>
      <span class="sheet-title" dir="auto">${sheet.title}</span>
      <span class="sheet-marks">
        <span class="tag ${sheet.disposition ? "tag-factor" : ""}">${dispositionWords(sheet.disposition)}</span>
        ${sheet.table ? html`<span class="tag ${own ? "tag-own" : ""}">${tableWords(sheet.table)}</span>` : nothing}
        ${sheet.status ? html`<span class="tag" data-status=${sheet.status}>${statusWords(sheet.status)}${sheet.percent === null || sheet.percent === undefined ? nothing : ` ${formatPercent(sheet.percent)}`}</span>` : nothing}
        ${versionWords(sheet)}
        ${isComplete(sheet) ? html`<span class="tag">${icon("check")} ${t("complete")}</span>` : lacks ? html`<span class="tag">${tn("%(n)s field to fill", "%(n)s fields to fill", lacks)}</span>` : nothing}
      </span></button></li>`;
}
