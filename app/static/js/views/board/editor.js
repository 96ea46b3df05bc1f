/** Changing the wording of an own action while it is in the urn. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { CARD_CHARS } from "../../contract.js";
import { clearTyped, type, typedAt } from "../../core/drafts.js";
import { sentence } from "../../core/errors.js";
import { t } from "../../core/i18n.js";
import { edit } from "../../core/mine.js";
import { toast } from "../../core/toast.js";
import { lengthOf } from "./length.js";
import { editing, typed } from "./state.js";
import { warningAbout } from "./wording.js";

/** @import {OwnText} from "../../core/mine.js" */

/** @param {OwnText} own */
export function editor(own) {
  void typed.value;
  const words = typedAt(placeOf(own)) || own.text;
  const length = lengthOf(words);
  const warning = warningAbout(words);
  return html`
    <form class="stack-tight stack" @submit=${(/** @type {Event} */ event) => save(event, own)} @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && shut(own)}>
      <textarea id="editor" class="input" rows="3" dir="auto" autocomplete="off" aria-label=${t("Your action")} .value=${live(words)} @input=${(/** @type {InputEvent} */ event) => write(own, event)}></textarea>
      ${warning ? html`<p class="field-error">${warning}</p>` : nothing}
      <div class="line spread"><p class="composer-count" ?data-over=${length > CARD_CHARS}>${length} / ${CARD_CHARS}</p>
        <span class="line">
          <button type="button" class="button button-small" @click=${() => shut(own)}>${t("Cancel")}</button>
          <button type="submit" class="button button-small button-primary" ?disabled=${length === 0 || length > CARD_CHARS}>${t("Seal the new wording")}</button>
        </span></div>
    </form>`;
}

/** @param {OwnText} own */
const placeOf = (own) => `edit/${own.id}`;

/** @param {OwnText} own @param {Event} event */
function write(own, event) {
  type(placeOf(own), /** @type {HTMLTextAreaElement} */ (event.target).value);
  typed.value += 1;
}

/** @param {OwnText} own */
export function openEditor(own) {
  editing.value = own.id;
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("editor")?.focus()));
}

/** @param {OwnText} own */
function shut(own) {
  clearTyped(placeOf(own));
  editing.value = null;
}

/** @param {Event} event @param {OwnText} own */
async function save(event, own) {
  event.preventDefault();
  const words = (typedAt(placeOf(own)) || own.text).trim();
  shut(own);
  if (words === own.text) return;
  const answer = await edit(own, words);
  toast("code" in answer ? sentence(answer.code, answer.data) : t("The new wording is in the urn."));
}
