// Two ways in which a workshop decides to work: names before or after the sorting; experts at once or when they are shown.

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { t } from "../../core/i18n.js";
import { board } from "../../core/records.js";
import { send } from "./commands.js";

/** @typedef {"names_wait" | "experts_wait"} Setting */

/** @type {Record<Setting, {label: () => string, on: () => string, off: () => string}>} */
const WORDS = {
  names_wait: {
    label: () => t("Silent first: no names before a grouping round is over"),
    on: () => t("Names wait until a grouping round is over."),
    off: () => t("Names may be given at any time."),
  },
  experts_wait: {
    label: () => t("Experts’ comments wait until I show them"),
    on: () => t("From now on experts’ comments wait for you."),
    off: () => t("From now on experts’ comments are on every screen at once."),
  },
};

/** @param {Setting} name */
export function setting(name) {
  if (!board.value) return nothing;
  const isOn = board.value[name] ?? false;
  return html`<label class="check setting"><input type="checkbox" .checked=${live(isOn)} @change=${(/** @type {Event} */ event) => set(event, name, !isOn)} /> <span>${WORDS[name].label()}</span></label>`;
}

/** A refused wish is taken back from the box. @param {Event} event @param {Setting} name @param {boolean} to */
async function set(event, name, to) {
  const { on, off } = WORDS[name];
  const isSet = await send("board.set", { [name]: to }, { done: to ? on() : off(), undo: () => send("board.set", { [name]: !to }) });
  if (!isSet) /** @type {HTMLInputElement} */ (event.target).checked = !to;
}
