/** Where an action is written: the promise, the box, and what is left. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { CARD_CHARS } from "../../contract.js";
import { seatAtDesk } from "../../core/at-desk.js";
import { clearTyped, placeOf, type, typedAt } from "../../core/drafts.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { cardsLeft, ownCards, post } from "../../core/mine.js";
import { isShownAtOnce } from "../../core/rounds.js";
import { toast } from "../../core/toast.js";
import { isDesk } from "./follow.js";
import { later, sentence } from "./later.js";
import { lengthOf } from "./length.js";
import { picked, typed } from "./state.js";

/** @import {Factor, Round} from "../../core/records.js" */

/** @param {Round} round */
const isSignedRound = (round) => round.release === "signed";

/** @param {Round} round @param {Factor} factor */
export function composer(round, factor) {
  void typed.value;
  const place = placeOf(round, factor.id);
  const words = typedAt(place);
  const length = lengthOf(words);
  const left = cardsLeft(round, factor.id);
  const warning = later.value?.warningAbout(words) ?? "";
  const desk = isDesk(round);
  const full = left === 0;
  const nobody = desk && !seatAtDesk.value;
  const signed = isSignedRound(round);
  return html`
    <form class="composer" data-factor-number=${factor.number} @submit=${(/** @type {Event} */ event) => send(event, round, factor)}>
      <label class="composer-promise" for="composer">${icon(isShownAtOnce(round) ? "eye" : "lock")} <span>${promise(round)} ${later.value?.amongWords(round, factor)}</span></label>
      ${desk ? later.value?.deskSeat() : nothing}
      ${full ? html`<p class="composer-full">${round.per_factor ? t("You have used your actions for this factor.") : t("You have used your actions of this round.")} ${ownCards(round, factor.id).length ? t("Withdraw or edit one above, while the round is open.") : nothing}</p>` : nothing}
      ${full && !desk ? nothing : html`
            <textarea id="composer" class="input" rows="2" dir="auto" autocomplete="off" aria-describedby="composer-count composer-warning" enterkeyhint="enter"
              placeholder=${t("One action: a verb and an object, nobody’s name")} .value=${live(words)}
              @input=${(/** @type {InputEvent} */ event) => write(place, factor, event)} @keydown=${desk ? sendByEnter : sendByKey}></textarea>
            ${signed ? later.value?.signature() : nothing}
            <div class="composer-foot">
              <p id="composer-count" class="composer-count" ?data-over=${length > CARD_CHARS}>${length} / ${CARD_CHARS}
                <span class="composer-left">${tn("%(n)s action left", "%(n)s actions left", left)}</span></p>
              <button type="submit" class="button button-primary" ?disabled=${full || nobody || length === 0 || length > CARD_CHARS || (signed && !later.value?.isSigned.value)}>${icon("send")} ${isShownAtOnce(round) ? later.value?.showWord() : t("Seal it")}</button>
            </div>`}
      <p id="composer-warning" class="field-error" role="status">${warning && !full ? html`${icon("warning")} ${warning}` : nothing}</p>
    </form>`;
}

/** Fixed before the first card, and said above the box; the rarer rules come with the later script. @param {Round} round */
const promise = (round) =>
  round.release === "sealed" ? t("Sealed until the facilitator opens it. Nobody learns who wrote it, not even the facilitator.") : later.value?.promiseOf(round) ?? "";

/** @param {string} place @param {Factor} factor @param {Event} event */
function write(place, factor, event) {
  // Whoever writes here stays here when the round ends under their hands.
  picked.value = factor.id;
  type(place, /** @type {HTMLTextAreaElement} */ (event.target).value);
  typed.value += 1;
}

/** @param {KeyboardEvent} event */
function sendByKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
}

/** At a desk actions come one after the other: a new line is Shift and Enter. @param {KeyboardEvent} event */
function sendByEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
}

/** @param {Event} event @param {Round} round @param {Factor} factor */
async function send(event, round, factor) {
  event.preventDefault();
  const place = placeOf(round, factor.id);
  const words = typedAt(place).trim();
  const signed = isSignedRound(round);
  if (!words || lengthOf(words) > CARD_CHARS || cardsLeft(round, factor.id) === 0 || (isDesk(round) && !seatAtDesk.value) || (signed && !later.value?.isSigned.value)) return;
  if (signed && later.value) later.value.isSigned.value = false;
  // First, so that its words are kept before the draft goes: a page that dies in between loses nothing.
  const answering = post(round, factor.id, words, null, signed);
  clearTyped(place);
  typed.value += 1;
  const box = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("composer"));
  // At once, not at the next drawing: whoever types on meanwhile would type behind the words that are gone.
  if (box) box.value = "";
  box?.focus();
  const answer = await answering;
  if ("code" in answer) toast(sentence(answer.code, answer.data));
  else if (later.value?.adviceAfter(words)) toast(later.value.adviceAfter(words));
}
