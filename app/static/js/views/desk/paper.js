/** Paper ballots, typed in: the seat's number, then by its code line after line; the second person types the same again. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { announce } from "../../core/announce.js";
import { criterionWords } from "../../core/criteria.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { criteriaOf, nameOf } from "../../core/methods.js";
import { page } from "../../core/page.js";
import { factorOf } from "../../core/records.js";
import { factorsFor } from "../../core/rounds.js";
import { submit } from "../../core/session.js";
import { faultOf } from "../board/desk-seat.js";
import { targetLabel } from "../console/labels.js";
import { formOf, linesOf, readingOf } from "./readings.js";
import { desk, paperRound, refresh } from "./state.js";

/** @import {BallotTarget, Round} from "../../core/records.js" */
/** @typedef {{target: BallotTarget, code: number}} Line */
/** What lies before the desk: typed into this page alone, and gone from it as soon as it is in the urn. @typedef {{mark: string, typed: Record<string, string>, words: Record<string, string>, differs: boolean, wrong: string, isBusy: boolean}} Sheet */

const BLANK = /** @type {Sheet} */ ({ mark: "", typed: {}, words: {}, differs: false, wrong: "", isBusy: false });
const sheet = signal(BLANK);
const said = signal("");

/** @param {Partial<Sheet>} change */
const put = (change) => (sheet.value = { ...sheet.value, ...change });

const MOST_FRAMES = 60;

/** At once where the field is there, so that a fast hand types into the right one; else as soon as it is drawn. @param {string} id @param {number} [frames] */
function focusSoon(id, frames = MOST_FRAMES) {
  const element = document.getElementById(id);
  if (element && !element.matches(":disabled")) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else if (frames) requestAnimationFrame(() => focusSoon(id, frames - 1));
}

const seatOf = () => page.desk.find(({ mark }) => mark === sheet.value.mark);

/** @param {Round} round @returns {Line[]} */
function lines(round) {
  const seat = seatOf();
  return seat ? linesOf(round, factorsFor(round, seat.table)) : [];
}

export function paperView() {
  const round = paperRound.value;
  if (!round) return nothing;
  const seat = seatOf();
  return html`
    <section class="panel paper-desk" aria-labelledby="paper-title">
      <h2 class="panel-title" id="paper-title">${icon("vote")} ${t("Ballots on paper")} · ${text(round.name)}</h2>
      <p>${t("Each sheet is typed in by one person and again by a second one; it counts when both have read the same. Where a seat has also voted on a device, that ballot counts and the sheet does not.")}</p>
      ${standing()}
      <form @submit=${(/** @type {Event} */ event) => (event.preventDefault(), void send(round))} autocomplete="off">
        <div class="paper-head">
          <label class="field">${t("Seat on the stub")}
            <input id="paper-seat" class="input" type="text" inputmode="numeric" autocomplete="off" aria-describedby="paper-name" .value=${live(sheet.value.mark)} ?disabled=${sheet.value.isBusy}
              @input=${(/** @type {InputEvent} */ event) => begin(/** @type {HTMLInputElement} */ (event.target).value.trim())} @keydown=${onEnter(() => seatOf() && focusSoon(formOf(round) === "scale" ? rowId(lines(round)[0]) : "paper-code"))}></label>
          ${seat && formOf(round) !== "scale" ? codeField(round) : nothing}
          <p id="paper-name" role="status" class=${faultOf(sheet.value.mark)}>${seat ? html`<strong dir="auto">${text(seat.name)}</strong>` : sheet.value.mark ? t("No seat of your desk has this number.") : said.value || t("Type the number on the stub, then Enter.")}</p>
        </div>
        ${seat ? html`${rows(round)} ${end(round)}` : nothing}
      </form>
    </section>`;
}

/** How far all sheets have come, and which of this desk's wait. */
function standing() {
  const paper = desk.value?.paper;
  if (!paper) return nothing;
  return html`
    <p class="paper-standing">
      <span>${t("List")} <strong class="code">${paper.list}</strong></span>
      <span>${tn("%(n)s sheet entered", "%(n)s sheets entered", paper.entered)}</span>
      <span ?data-waits=${paper.unconfirmed > 0}>${tn("%(n)s waits for a second person", "%(n)s wait for a second person", paper.unconfirmed)}</span>
    </p>
    ${paper.waiting.length ? html`<p class="paper-waiting">${t("Waiting at your desk, by seat:")} ${paper.waiting.map((mark) => html`<button type="button" class="button button-small" @click=${() => (begin(mark), focusSoon("paper-seat"))}>${mark}</button>`)}</p>` : nothing}`;
}

/** A number that leads to its line: a tick or the next place is set at once. @param {Round} round */
const codeField = (round) => html`
  <label class="field">${t("Line")}
    <input id="paper-code" class="input" type="text" inputmode="numeric" autocomplete="off" aria-describedby="paper-how" ?disabled=${sheet.value.isBusy} @keydown=${onEnter((field) => goTo(round, field))}></label>
  <p class="hint" id="paper-how">${howTo(round)}</p>`;

/** @param {Round} round */
function howTo(round) {
  switch (formOf(round)) {
    case "tick": return t("Type the number of each line that is ticked, Enter after each. Enter alone: the sheet is read.");
    case "order": return t("Type the numbers of the lines in the person’s order, Enter after each. Enter alone: the sheet is read.");
    default: return t("Type the number of a line, Enter, what stands in its box, Enter. Enter alone: the sheet is read.");
  }
}

/** @param {(field: HTMLInputElement) => unknown} act */
const onEnter = (act) => (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  act(/** @type {HTMLInputElement} */ (event.target));
};

/** @param {string} mark */
function begin(mark) {
  said.value = "";
  sheet.value = { ...BLANK, mark };
}

/** @param {Round} round @param {HTMLInputElement} field */
function goTo(round, field) {
  const code = field.value.trim();
  field.value = "";
  if (!code) return focusSoon("paper-send");
  const line = lines(round).find((one) => String(one.code) === code);
  if (!line) return put({ wrong: t("No line %(n)s on this seat’s sheet.", { n: code }) });
  put({ wrong: "" });
  if (formOf(round) === "number") return focusSoon(rowId(line));
  const { [line.target.id]: was, ...others } = sheet.value.typed;
  const next = formOf(round) === "tick" ? "x" : String(Object.values(others).filter(Boolean).length + 1);
  put({ typed: was ? inOrder(round, others) : { ...others, [line.target.id]: next } });
  return announce(was ? t("Taken out: %(target)s", { target: targetLabel(line.target.id) }) : targetLabel(line.target.id));
}

/** Without a gap where a place was taken out. @param {Round} round @param {Record<string, string>} typed */
function inOrder(round, typed) {
  if (formOf(round) !== "order") return typed;
  const ids = Object.keys(typed).sort((a, b) => Number(typed[a]) - Number(typed[b]));
  return Object.fromEntries(ids.map((id, place) => [id, String(place + 1)]));
}

/** @param {Line | undefined} line */
const rowId = (line) => `paper-row-${line?.code ?? 0}`;

/** @param {Round} round */
function rows(round) {
  const list = lines(round);
  return html`
    ${nameOf(round) === "criteria_1_5" ? html`<p class="hint">${t("One sign for each of %(criteria)s, in this order: a score, or a dash where nothing is circled.", { criteria: criteriaOf(round).map(criterionWords).join(", ") })}</p>` : nothing}
    ${nameOf(round) === "consent" ? html`<p class="hint">${t("1: agrees. 2: agrees with a reserve. 3: is opposed. Empty: no answer.")}</p>` : nothing}
    <ol class="paper-lines">${list.map((line, place) => row(round, line, list[place + 1]))}</ol>`;
}

/** @param {Round} round @param {Line} line @param {Line | undefined} next */
function row(round, line, next) {
  const { id, factor } = line.target;
  const typed = sheet.value.typed[id] ?? "";
  const isUnread = readingOf(round, typed) === null;
  const on = () => focusSoon(formOf(round) !== "scale" ? "paper-code" : next ? rowId(next) : "paper-send");
  const keep = (/** @type {Event} */ event) => put({ typed: { ...sheet.value.typed, [id]: /** @type {HTMLInputElement} */ (event.target).value }, wrong: "", differs: false });
  return html`
    <li class="paper-line" data-factor-number=${factorOf(factor)?.number ?? nothing} ?data-given=${typed !== ""}>
      <label for=${rowId(line)}><span class="paper-code">${line.code}</span> <span dir="auto">${targetLabel(line.target.id)}</span></label>
      ${formOf(round) === "tick"
        ? html`<input id=${rowId(line)} type="checkbox" .checked=${live(typed !== "")} ?disabled=${sheet.value.isBusy} @change=${(/** @type {Event} */ event) => put({ typed: { ...sheet.value.typed, [id]: /** @type {HTMLInputElement} */ (event.target).checked ? "x" : "" }, differs: false })} @keydown=${onEnter(on)} />`
        : html`<input id=${rowId(line)} class="input" type="text" inputmode="numeric" autocomplete="off" aria-invalid=${isUnread ? "true" : "false"} .value=${live(typed)} ?disabled=${sheet.value.isBusy} @input=${keep} @keydown=${onEnter(() => (wantsWords(round, id) ? focusSoon(`${rowId(line)}-words`) : on()))} />`}
      ${wantsWords(round, id) ? html`
        <label class="field paper-reserve">${t("Which reserve?")}
          <input id="${rowId(line)}-words" class="input" type="text" maxlength="200" autocomplete="off" .value=${live(sheet.value.words[id] ?? "")} @input=${(/** @type {InputEvent} */ event) => put({ words: { ...sheet.value.words, [id]: /** @type {HTMLInputElement} */ (event.target).value } })} @keydown=${onEnter(on)}></label>` : nothing}
    </li>`;
}

/** @param {Round} round @param {string} id */
const wantsWords = (round, id) => nameOf(round) === "consent" && (sheet.value.typed[id] ?? "").trim() === "2";

/** @param {Round} round */
function end(round) {
  const { differs, wrong, isBusy, mark } = sheet.value;
  const given = Object.values(sheet.value.typed).filter(Boolean).length;
  const waits = desk.value?.paper?.waiting.includes(mark);
  return html`
    <p class="field-error" role="alert">${wrong ? html`${icon("warning")} ${wrong}` : nothing}</p>
    ${differs ? html`
      <p class="notice" role="alert">${icon("warning")} <span>${sentence("paper_differs")}</span></p>
      <p><button type="button" class="button button-small" id="paper-instead" ?disabled=${isBusy} @click=${() => send(round, true)}>${t("I have looked again: enter my reading instead")}</button></p>` : nothing}
    <div class="paper-end">
      <button type="submit" class="button button-primary" id="paper-send" ?disabled=${isBusy}>${icon("send")} ${isBusy ? t("Sending…") : given ? tn("Enter this sheet: %(n)s line", "Enter this sheet: %(n)s lines", given) : t("Enter this sheet: blank")}</button>
      ${waits ? html`<button type="button" class="button button-small" ?disabled=${isBusy} @click=${() => takeBack(round)}>${t("Wrong seat: take its sheet back")}</button>` : nothing}
    </div>`;
}

/** @param {Round} round @param {boolean} [instead] */
async function send(round, instead = false) {
  const { mark, typed, words } = sheet.value;
  if (!seatOf() || sheet.value.isBusy) return;
  /** @type {Record<string, any>} */
  const choices = {};
  for (const line of lines(round)) {
    const reading = readingOf(round, typed[line.target.id] ?? "", words[line.target.id]);
    if (reading === null) {
      put({ wrong: t("Line %(n)s cannot be read as it is typed.", { n: line.code }) });
      return focusSoon(rowId(line));
    }
    if (reading !== undefined) choices[line.target.id] = reading;
  }
  const answer = await ask(round, { seat: mark, choices, instead });
  if ("code" in answer) {
    put({ isBusy: false, differs: answer.code === "paper_differs", wrong: answer.code === "paper_differs" ? "" : sentence(answer.code, answer.data) });
    return focusSoon(answer.code === "paper_differs" ? "paper-instead" : "paper-send");
  }
  const waits = desk.value?.paper?.waiting.includes(mark);
  return done(waits ? t("Seat %(n)s is entered. It counts once a second person has entered the same.", { n: mark }) : t("Seat %(n)s: two people have read the same. Tear off the stub.", { n: mark }));
}

/** @param {Round} round */
async function takeBack(round) {
  const mark = sheet.value.mark;
  const answer = await ask(round, { seat: mark, choices: null });
  if ("code" in answer) return put({ isBusy: false, wrong: sentence(answer.code, answer.data) });
  return done(t("Seat %(n)s: the sheet is taken back.", { n: mark }));
}

/** @param {Round} round @param {Record<string, unknown>} payload */
async function ask(round, payload) {
  put({ isBusy: true, wrong: "", differs: false });
  const answer = await submit("ballot.paper", { round: round.id, epoch: round.epoch, ...payload });
  await refresh();
  return answer;
}

/** @param {string} words */
function done(words) {
  sheet.value = BLANK;
  said.value = words;
  focusSoon("paper-seat");
}
