/** Factor by axis: what is carried by which sheets, and, just as plain to see, what nobody proposed. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { board, factors, sheets } from "../../core/records.js";
import { show } from "./state.js";
import { dispositionWords } from "./words.js";

/** @import {Factor, Sheet} from "../../core/records.js" */

export function coverageView() {
  const axes = board.value?.axes ?? [];
  const kept = sheets.value.filter((sheet) => sheet.state !== "dropped");
  const rest = axes.length ? t("Without an axis") : t("Action sheets");
  const columns = [...axes, { id: null, name: { fr: rest, en: rest } }];
  return html`
    ${axes.length ? nothing : html`<p class="notice">${icon("info")} <span>${t("No strategy axis yet")}. ${t("Enter the axes of the administration’s strategy under “All sheets”; then this grid shows what nobody proposed.")}</span></p>`}
    <p class="line coverage-key"><span><span class="coverage-sheet coverage-main" aria-hidden="true">3</span> ${t("main factor of sheet 3")}</span> <span><span class="coverage-sheet coverage-also" aria-hidden="true">3</span> ${t("it also serves this one")}</span> <span><span class="coverage-blank" aria-hidden="true"></span> ${t("nobody proposed anything")}</span></p>
    <div class="table-wrap" tabindex="0" role="region" aria-label=${t("Coverage")}><table class="table coverage">
      <caption>${t("Sheets by factor and strategy axis. An empty cell: nobody proposed anything.")}</caption>
      <thead><tr><th scope="col">${t("Factor")}</th>${columns.map(({ name }) => html`<th scope="col">${text(name)}</th>`)}</tr></thead>
      <tbody>${factors.value.map((factor) => html`<tr data-factor-number=${factor.number}><th scope="row"><span class="factor-number">${factor.number}</span> ${text(factor.title)}</th>${columns.map(({ id }) => cell(factor, kept.filter((sheet) => sheet.axis === id)))}</tr>`)}</tbody>
    </table></div>`;
}

/** @param {Factor} factor @param {Sheet[]} onAxis */
function cell(factor, onAxis) {
  const main = onAxis.filter((sheet) => sheet.factor === factor.id);
  const also = onAxis.filter((sheet) => sheet.others.includes(factor.id));
  if (!main.length && !also.length) return html`<td class="coverage-empty"><span class="visually-hidden">${t("nothing")}</span></td>`;
  const link = (/** @type {Sheet} */ sheet, /** @type {string} */ kind) => html`<button type="button" class="coverage-sheet ${kind}" title="${sheet.title} · ${dispositionWords(sheet.disposition)}" @click=${() => show(sheet.id)}>${sheet.number}<span class="visually-hidden"> ${sheet.title}</span></button>`;
  return html`<td>${main.map((sheet) => link(sheet, "coverage-main"))} ${also.map((sheet) => link(sheet, "coverage-also"))}</td>`;
}
