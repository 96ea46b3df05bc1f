/** The scribe's desk: the mark of the seat, typed once; then card after card with Enter. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { seatAtDesk, seatMark } from "../../core/at-desk.js";
import { t, text } from "../../core/i18n.js";
import { page } from "../../core/page.js";

/** In red only where no number of the desk begins so: nobody is told of a fault between two digits. @param {string} typed */
export const faultOf = (typed) => (!typed || page.desk.some(({ mark }) => mark.startsWith(typed)) ? nothing : "field-error");

export function deskSeat() {
  const seat = seatAtDesk.value;
  return html`
    <div class="desk-seat">
      <label for="desk-mark">${t("Seat")}</label>
      <input id="desk-mark" class="input" type="text" inputmode="numeric" autocomplete="off" list="desk-marks" aria-describedby="desk-name" .value=${live(seatMark.value)}
        @input=${(/** @type {InputEvent} */ event) => (seatMark.value = /** @type {HTMLInputElement} */ (event.target).value.trim())} @keydown=${goOn}>
      <datalist id="desk-marks">${page.desk.map(({ mark, name }) => html`<option value=${mark}>${text(name)}</option>`)}</datalist>
      <p id="desk-name" role="status" class=${faultOf(seatMark.value)}>${seat ? html`<strong dir="auto">${text(seat.name)}</strong>` : seatMark.value ? t("No seat of your desk has this number.") : t("Type the number on the person’s sheet, then Enter.")}</p>
    </div>`;
}

/** @param {KeyboardEvent} event */
function goOn(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (seatAtDesk.value) document.getElementById("composer")?.focus();
}
