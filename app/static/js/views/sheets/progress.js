/** What became of an action: a report in four words, and all of them as a line through time, those of earlier workshops first. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { PROGRESS_CHARS, STATUSES } from "../../contract-later.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { dayAt, formatDay, formatPercent, t, text } from "../../core/i18n.js";
import { kept } from "../../core/keep.js";
import { serverNow, submit, you } from "../../core/session.js";
import { progress } from "../../core/sheet-records.js";
import { toast } from "../../core/toast.js";
import { chaptersOf } from "./chapters.js";
import { mayReport } from "./state.js";
import { statusWords } from "./words.js";

/** @import {Sheet, Status} from "../../core/records.js" */
/** @import {Report, Step} from "../../core/sheet-records.js" */
/** What is being reported of a sheet, on this device. @typedef {{status: Status | null, percent: string, text: string, day: string}} Draft */

const store = kept("reports", /** @type {Record<string, Draft>} */ ({}));
/** The sheet whose form has been left without what it needs. */
const lacking = signal("");

export const loadReports = () => store.load();

/** @param {Sheet} sheet @returns {Draft} */
const draftOf = (sheet) => store.value.value[sheet.id] ?? { status: null, percent: "", text: "", day: dayAt(serverNow()) };

/** @param {Sheet} sheet @param {Partial<Draft>} written */
const write = (sheet, written) => void store.change((all) => ({ ...all, [sheet.id]: { ...draftOf(sheet), ...written } }));

/** @param {string} sheet */
const reportsOf = (sheet) => progress.value.filter((report) => report.sheet === sheet);

/** @param {Sheet} sheet */
export function progressView(sheet) {
  const reports = reportsOf(sheet.id);
  const before = chaptersOf(sheet).flatMap((chapter) => chapter.progress.map((step) => ({ step, where: text(chapter.title) })));
  if (!reports.length && !before.length && !mayReport(sheet)) return nothing;
  return html`
    <section class="panel sheet-progress" aria-labelledby="progress-title"><h3 class="panel-title" id="progress-title">${t("What became of it")}</h3>
      <p class="line"><strong data-status=${sheet.status ?? nothing}>${statusWords(sheet.status)}</strong> ${percent(sheet.percent)}</p>
      ${sheet.percent === null || sheet.percent === undefined ? nothing : html`<progress max="100" value=${sheet.percent} aria-label=${t("How far it is")}></progress>`}
      ${reports.length || before.length
        ? html`<ol class="timeline">${before.map(({ step, where }) => stepView(step, where))} ${reports.map((report) => stepView(report, text(report.name), report === reports[reports.length - 1] && isOwn(report) ? report : null))}</ol>`
        : nothing}
      ${mayReport(sheet) ? form(sheet) : nothing}
    </section>`;
}

/** @param {number | null | undefined} value */
const percent = (value) => (value === null || value === undefined ? nothing : html`<span class="muted">${formatPercent(value)}</span>`);

/** @param {Step} step @param {string} who where it was said, or by whom @param {Report | null} [own] may be taken back */
const stepView = (step, who, own = null) => html`
  <li data-status=${step.status}><p><strong>${statusWords(step.status)}</strong> ${percent(step.percent)} <span class="muted">${formatDay(step.day)}${who ? ` · ${who}` : nothing}</span></p>
    ${step.text ? html`<p dir="auto">${step.text}</p>` : nothing}
    ${own ? html`<button type="button" class="button button-small button-quiet" @click=${() => takeBack(own)}>${icon("undo")} ${t("Take back")}</button>` : nothing}</li>`;

/** @param {Report} report */
const isOwn = (report) => you.value.role === "facilitator" || (report.name !== null && report.by === you.value.role && JSON.stringify(report.name) === JSON.stringify(you.value.name));

/** @param {Sheet} sheet */
function form(sheet) {
  const draft = draftOf(sheet);
  const gone = draft.status === "dropped" && !draft.text.trim();
  const on = (/** @type {keyof Draft} */ name) => (/** @type {Event} */ event) => write(sheet, { [name]: /** @type {HTMLInputElement} */ (event.target).value });
  return html`
    <form class="stack stack-tight" @submit=${(/** @type {Event} */ event) => void send(event, sheet)}>
      <fieldset class="field"><legend class="label">${t("Report where it stands")}</legend>
        <div class="choices">${STATUSES.map((status) => html`<label class="choice"><input type="radio" name="status-${sheet.id}" value=${status} .checked=${live(draft.status === status)} @change=${() => write(sheet, { status: /** @type {Status} */ (status) })} /> <span>${statusWords(/** @type {Status} */ (status))}</span></label>`)}</div></fieldset>
      <div class="line sheet-report">
        <div class="field"><label class="label" for="report-day">${t("On which day")}</label><input class="input sheet-day" id="report-day" type="date" required .value=${live(draft.day)} @input=${on("day")} /></div>
        <div class="field"><label class="label" for="report-percent">${t("How far, in percent")}</label><input class="input sheet-percent" id="report-percent" type="number" min="0" max="100" step="5" inputmode="numeric" .value=${live(draft.percent)} @input=${on("percent")} /></div>
      </div>
      <div class="field"><label class="label" for="report-text">${draft.status === "dropped" ? t("Why it was given up") : t("What was done, what stands in the way")}</label>
        <textarea class="input" id="report-text" rows="2" dir="auto" maxlength=${PROGRESS_CHARS} .value=${live(draft.text)} @input=${on("text")}></textarea></div>
      ${lacking.value === sheet.id && (gone || !draft.status) ? html`<p class="field-error" role="alert">${gone ? t("Say why it was given up: the reason stands in its history.") : t("Choose where it stands.")}</p>` : nothing}
      <button type="submit" class="button button-primary">${icon("check")} ${t("Report it")}</button>
    </form>`;
}

/** @param {Event} event @param {Sheet} sheet */
async function send(event, sheet) {
  event.preventDefault();
  const draft = draftOf(sheet);
  lacking.value = sheet.id;
  if (!draft.status || (draft.status === "dropped" && !draft.text.trim())) return;
  lacking.value = "";
  const far = draft.percent === "" ? null : Math.min(100, Math.max(0, Math.round(Number(draft.percent))));
  // First, so that it lies in the outbox before the draft goes.
  const answering = submit("sheet.progress", { sheet: sheet.id, status: draft.status, percent: far, text: draft.text, day: draft.day });
  await store.change(({ [sheet.id]: _, ...others }) => others);
  const answer = await answering;
  if (!("code" in answer)) return toast(t("Reported: %(status)s", { status: statusWords(draft.status) }));
  await store.change((all) => ({ ...all, [sheet.id]: all[sheet.id] ?? draft }));
  toast(sentence(answer.code, answer.data));
}

/** @param {Report} report */
async function takeBack(report) {
  const answer = await submit("progress.remove", { progress: report.id });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  const { sheet, status, percent: far, text: words, day } = report;
  toast(t("The report is taken back."), { undo: () => submit("sheet.progress", { sheet, status, percent: far, text: words, day }) });
}
