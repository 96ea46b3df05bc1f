/** One sheet: what becomes of it, field by field, beside what speaks for it. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { SHEET_CHARS, SHEET_DAYS, SHEET_FIELDS } from "../../contract-later.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { board, factorOf, factors, sheets, tables } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { evidenceView } from "./evidence.js";
import { keepMine, keyOf, send, takeTheirs, type, typed, valueOf } from "./fields.js";
import { progressView } from "./progress.js";
import { sinceView, versionWords } from "./since.js";
import { may } from "./may.js";
import { mayFill, show } from "./state.js";
import { axisWords, dispositionWords, factorWords, fieldWords, horizonWords, said } from "./words.js";

/** @import {Sheet} from "../../core/records.js" */

const SHORT = new Set(["title", "lead", "support", "partner", "baseline", "target"]);

/** @param {string} id */
export function sheetView(id) {
  const sheet = sheets.value.find((one) => one.id === id);
  if (!sheet) return html`<div class="empty"><p class="empty-title">${t("This sheet is not there")}</p><button type="button" class="button" @click=${() => show("")}>${t("All sheets")}</button></div>`;
  const fills = mayFill(sheet);
  const factor = factorOf(sheet.factor);
  // Of a plan that stands, what became of it is what people come for.
  const reportFirst = sheet.source.table === "earlier" || sheet.state === "frozen";
  return html`
    <article class="sheet" data-factor-number=${factor?.number ?? 0} aria-labelledby="sheet-title">
      <p class="line"><button type="button" class="button button-small button-quiet way-back" @click=${() => show("")}>${icon("arrow")} ${t("All sheets")}</button>
        <span class="tag tag-factor">${factor ? `${factor.number}. ${text(factor.title)}` : ""}</span>
        ${sheet.state === "frozen" ? html`<span class="tag tag-closed">${icon("lock")} ${t("Version %(n)s, frozen", { n: sheet.version })}</span>` : versionWords(sheet)}
        ${sheet.state === "dropped" ? html`<span class="tag tag-held">${t("Dropped")}</span>` : nothing}</p>
      <h2 id="sheet-title" class="sheet-heading" tabindex="-1" dir="auto">${sheet.number}. ${sheet.title}</h2>
      <div class="sheet-columns">
        <div class="stack stack-loose">
        ${reportFirst ? progressView(sheet) : nothing}
        <form class="stack sheet-form" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
          ${disposition(sheet, fills)}
          ${fills ? fieldView(sheet, "title", true) : nothing}
          ${(sheet.disposition ? SHEET_FIELDS[sheet.disposition] : []).map((field) => fieldView(sheet, field, fills))}
          ${may("sheet.place") && sheet.state === "draft" ? place(sheet) : placed(sheet)}
          ${sinceView(sheet)}
          ${turns(sheet)}
        </form>
        ${reportFirst ? nothing : progressView(sheet)}
        </div>
        ${evidenceView(sheet)}
      </div>
    </article>`;
}

/** @param {Sheet} sheet @param {boolean} fills */
function disposition(sheet, fills) {
  if (!fills) return html`<p class="sheet-disposition"><strong>${dispositionWords(sheet.disposition)}</strong></p>`;
  return html`
    <fieldset class="field"><legend class="label">${t("What becomes of it?")}</legend>
      <div class="choices">${Object.keys(SHEET_FIELDS).map(
        (value) => html`<label class="choice"><input type="radio" name="disposition" value=${value} .checked=${live(sheet.disposition === value)} @change=${() => sort(sheet, value)} /> <span>${dispositionWords(value)}</span></label>`,
      )}</div>
      ${sheet.disposition ? nothing : html`<p class="hint">${t("Deepen: a question is still open. Implement: it can begin. Park: not now, with the reason.")}</p>`}
    </fieldset>`;
}

/** @param {Sheet} sheet @param {string} value */
async function sort(sheet, value) {
  const before = sheet.disposition;
  const answer = await submit("sheet.sort", { sheet: sheet.id, disposition: value, seen: before });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(dispositionWords(value), { undo: () => submit("sheet.sort", { sheet: sheet.id, disposition: before, seen: value }) });
}

/** @param {Sheet} sheet @param {string} field @param {boolean} fills */
function fieldView(sheet, field, fills) {
  const words = valueOf(sheet, field);
  if (!fills) return html`<div class="sheet-said"><p class="label">${fieldWords(field)}</p><p dir="auto">${said(field, words) || html`<span class="muted">–</span>`}${horizonOf(sheet, field)}</p></div>`;
  const key = keyOf(sheet, field);
  const found = typed.value[key];
  const id = `field-${field}`;
  const on = { input: (/** @type {Event} */ event) => type(sheet, field, /** @type {HTMLInputElement} */ (event.target).value), blur: () => void send(key) };
  const most = /** @type {Record<string, number>} */ (SHEET_CHARS)[field] ?? 0;
  return html`
    <div class="field">
      <p class="line spread"><label class="label" for=${id}>${fieldWords(field)}</label> <span class="hint" role="status">${found && found.now === null ? t("Kept on this device, on its way…") : nothing}</span></p>
      ${SHEET_DAYS.includes(field)
        ? html`<p class="line"><input class="input sheet-day" id=${id} type="date" .value=${live(words)} @change=${on.input} @blur=${on.blur} />${horizonOf(sheet, field)}</p>`
        : SHORT.has(field)
          ? html`<input class="input" id=${id} dir="auto" maxlength=${most} autocomplete="off" .value=${live(words)} @input=${on.input} @blur=${on.blur} />`
          : html`<textarea class="input" id=${id} rows="2" dir="auto" maxlength=${most} .value=${live(words)} @input=${on.input} @blur=${on.blur}></textarea>`}
      ${found && found.now !== null ? conflict(key, found.now) : nothing}
    </div>`;
}

/** Beside the end, how far off it is. @param {Sheet} sheet @param {string} field */
const horizonOf = (sheet, field) => (field === "deadline" && sheet.horizon ? html` <span class="tag">${horizonWords(sheet.horizon)}</span>` : nothing);

/** Two people wrote in one field: both texts stand there, and the person decides. @param {string} key @param {string} now */
const conflict = (key, now) => html`
  <div class="notice" role="alert">${icon("people")} <div class="stack stack-tight"><p>${t("Meanwhile somebody else wrote here:")} <strong dir="auto">${now || t("(nothing)")}</strong></p>
    <p class="line"><button type="button" class="button button-small" @click=${() => void keepMine(key)}>${t("Keep mine")}</button>
      <button type="button" class="button button-small" @click=${() => void takeTheirs(key)}>${t("Take theirs")}</button></p></div></div>`;

/** @param {Sheet} sheet */
const placed = (sheet) => html`
  ${sheet.others.length ? html`<div class="sheet-said"><p class="label">${t("It also serves")}</p><p>${sheet.others.map(factorWords).join(" · ")}</p></div>` : nothing}
  ${sheet.axis ? html`<div class="sheet-said"><p class="label">${t("Strategy axis")}</p><p>${axisWords(sheet.axis)}</p></div>` : nothing}`;

/** Where it belongs: one main factor, others it serves, an axis, a table. @param {Sheet} sheet */
function place(sheet) {
  const axes = board.value?.axes ?? [];
  const to = (/** @type {Partial<Sheet>} */ changed) => async () => {
    const { factor, others, axis, table } = { ...sheet, ...changed };
    const answer = await submit("sheet.place", { sheet: sheet.id, factor, others, axis, table });
    if ("code" in answer) toast(sentence(answer.code, answer.data));
  };
  const picked = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.target).value;
  return html`
    <details class="panel panel-sunken" ?open=${axes.length > 0 && !sheet.axis}><summary class="panel-title">${t("Where it belongs")}</summary>
      <div class="stack">
        <div class="field"><label class="label" for="sheet-factor">${t("Main factor")}</label>
          <select class="input" id="sheet-factor" @change=${(/** @type {Event} */ event) => to({ factor: picked(event) })()}>${factors.value.map((factor) => html`<option value=${factor.id} .selected=${factor.id === sheet.factor}>${factor.number}. ${text(factor.title)}</option>`)}</select></div>
        <fieldset><legend class="label">${t("It also serves")}</legend><div class="sheet-others">${factors.value
          .filter(({ id }) => id !== sheet.factor)
          .map((factor) => html`<label class="check"><input type="checkbox" .checked=${live(sheet.others.includes(factor.id))} @change=${to({ others: sheet.others.includes(factor.id) ? sheet.others.filter((id) => id !== factor.id) : [...sheet.others, factor.id] })} /> ${factor.number}. ${text(factor.title)}</label>`)}</div></fieldset>
        ${axes.length
          ? html`<div class="field"><label class="label" for="sheet-axis">${t("Strategy axis")}</label><select class="input" id="sheet-axis" @change=${(/** @type {Event} */ event) => to({ axis: picked(event) || null })()}><option value="" .selected=${!sheet.axis}>${t("none")}</option>${axes.map(({ id, name }) => html`<option value=${id} .selected=${id === sheet.axis}>${text(name)}</option>`)}</select></div>`
          : nothing}
        <div class="field"><label class="label" for="sheet-table">${t("Filled by")}</label><select class="input" id="sheet-table" @change=${(/** @type {Event} */ event) => to({ table: picked(event) || null })()}><option value="" .selected=${!sheet.table}>${t("no table")}</option>${tables.value.map(({ id, name }) => html`<option value=${id} .selected=${id === sheet.table}>${text(name)}</option>`)}</select></div>
      </div></details>`;
}

/** @param {Sheet} sheet */
function turns(sheet) {
  if (!may("sheet.turn")) return nothing;
  const to = (/** @type {Sheet["state"]} */ state, /** @type {string} */ done) => async () => {
    const before = sheet.state;
    const answer = await submit("sheet.turn", { sheet: sheet.id, state });
    if ("code" in answer) return toast(sentence(answer.code, answer.data));
    toast(done, { undo: () => submit("sheet.turn", { sheet: sheet.id, state: before }) });
  };
  if (sheet.state !== "draft") return html`<p class="line"><button type="button" class="button" @click=${to("draft", t("The sheet is open again."))}>${icon("reopen")} ${sheet.state === "frozen" ? t("Open it again") : t("Bring it back")}</button></p>`;
  return html`<p class="line"><button type="button" class="button" @click=${to("frozen", t("Frozen: nobody writes on this version."))}>${icon("lock")} ${t("Freeze as version %(n)s", { n: sheet.version + 1 })}</button>
    <button type="button" class="button button-quiet" @click=${to("dropped", t("Dropped. It can be brought back."))}>${icon("trash")} ${t("Drop")}</button></p>`;
}
