/** Where an action is written: the promise, the box, what is left, and what to do with texts that came too late. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { CARD_CHARS } from "../../contract.js";
import { clearTyped, drafts, dropLate, keepLate, placeOf, type, typedAt } from "../../core/drafts.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { cardsLeft, post } from "../../core/mine.js";
import { factorOf } from "../../core/records.js";
import { toast } from "../../core/toast.js";
import { ownFactors, typed } from "./state.js";
import { lengthOf, warningAbout } from "./wording.js";

/** @import {Factor, Round} from "../../core/records.js" */
/** @import {Late} from "../../core/drafts.js" */

/** @param {Round} round @param {Factor} factor */
export function composer(round, factor) {
  void typed.value;
  const place = placeOf(round, factor.id);
  const words = typedAt(place);
  const length = lengthOf(words);
  const left = cardsLeft(round, factor.id);
  const warning = warningAbout(words);
  const full = left === 0;
  return html`
    <form class="composer" data-factor-number=${factor.number} @submit=${(/** @type {Event} */ event) => send(event, round, factor)}>
      <label class="composer-promise" for="composer">${icon("lock")} <span>${promise(round)}</span></label>
      ${full
        ? html`<p class="composer-full">${round.per_factor ? t("You have used your actions for this factor.") : t("You have used your actions of this round.")} ${t("Withdraw or edit one above, while the round is open.")}</p>`
        : html`
            <textarea id="composer" class="input" rows="2" dir="auto" aria-describedby="composer-count composer-warning" enterkeyhint="enter"
              placeholder=${t("One action: a verb and an object, nobody's name")} .value=${live(words)}
              @input=${(/** @type {InputEvent} */ event) => write(place, event)} @keydown=${sendByKey}></textarea>
            <div class="composer-foot">
              <p id="composer-count" class="composer-count" ?data-over=${length > CARD_CHARS}>${length} / ${CARD_CHARS}
                <span class="composer-left">${tn("%(n)s action left", "%(n)s actions left", left)}</span></p>
              <button type="submit" class="button button-primary" ?disabled=${length === 0 || length > CARD_CHARS}>${icon("send")} ${t("Seal it")}</button>
            </div>`}
      <p id="composer-warning" class="field-error" role="status">${warning && !full ? html`${icon("warning")} ${warning}` : nothing}</p>
    </form>`;
}

/** Fixed before the first card, and said above the box. @param {Round} round */
const promise = (round) =>
  round.release === "batched"
    ? t("Without a name: shown together with others', once five people have written. Nobody learns who wrote it.")
    : t("Sealed until the facilitator opens it. Nobody learns who wrote it, not even the facilitator.");

/** @param {string} place @param {Event} event */
function write(place, event) {
  type(place, /** @type {HTMLTextAreaElement} */ (event.target).value);
  typed.value += 1;
}

/** @param {KeyboardEvent} event */
function sendByKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
}

/** @param {Event} event @param {Round} round @param {Factor} factor */
async function send(event, round, factor) {
  event.preventDefault();
  const place = placeOf(round, factor.id);
  const words = typedAt(place).trim();
  if (!words || lengthOf(words) > CARD_CHARS || cardsLeft(round, factor.id) === 0) return;
  clearTyped(place);
  typed.value += 1;
  document.getElementById("composer")?.focus();
  tell(await post(round, factor.id, words));
}

/** @param {import("../../core/outbox.js").Answer} answer */
function tell(answer) {
  if ("code" in answer) toast(sentence(answer.code, answer.data));
}

// ---- texts that came too late

/** @param {Round | null} round the writing round that takes them now @param {Factor | undefined} factor the open one */
export function lateDrafts(round, factor) {
  const late = drafts.value.late;
  if (!late.length) return nothing;
  return html`
    <details class="panel late" ?open=${round !== null}>
      <summary class="panel-title">${icon("edit")} ${tn("%(n)s text of yours is kept as a draft", "%(n)s texts of yours are kept as drafts", late.length)}</summary>
      ${round ? nothing : html`<p class="muted">${t("You can send it in the next writing round. Only this device has it.")}</p>`}
      <ul class="cards">${late.map((draft) => lateDraft(draft, round, factor))}</ul>
    </details>`;
}

/** @param {Late} draft @param {Round | null} round @param {Factor | undefined} open */
function lateDraft(draft, round, open) {
  const own = round ? ownFactors(round) : [];
  const to = own.includes(draft.factor) ? factorOf(draft.factor) : open && own.includes(open.id) ? open : undefined;
  const from = factorOf(draft.factor);
  return html`
    <li class="card card-pending" data-id=${draft.id} data-factor-number=${from?.number ?? nothing}>
      <p class="card-text" dir="auto">${draft.text}</p>
      <p class="card-note">${draft.why === "not_sent" ? t("The round ended before you sent it.") : draft.why === "void" ? t("The round was cancelled; nothing of it was shown.") : sentence(draft.why)}</p>
      <div class="card-foot"><span>${from ? `${from.number}. ${text(from.title)}` : ""}</span>
        <div class="card-actions">
          ${round && to ? html`<button type="button" class="button button-small" ?disabled=${cardsLeft(round, to.id) === 0} @click=${() => sendLate(draft, round, to)}>${icon("send")} ${t("Send in this round, under %(number)s", { number: to.number })}</button>` : nothing}
          <button type="button" class="button button-small button-quiet" @click=${() => deleteLate(draft)}>${icon("trash")} ${t("Delete")}</button>
        </div></div>
    </li>`;
}

/** @param {Late} draft @param {Round} round @param {Factor} factor */
async function sendLate(draft, round, factor) {
  await dropLate(draft.id);
  tell(await post(round, factor.id, draft.text));
}

/** @param {Late} draft */
function deleteLate(draft) {
  const { id: _, ...again } = draft;
  void dropLate(draft.id);
  toast(t("Draft deleted."), { undo: () => keepLate(again) });
}
