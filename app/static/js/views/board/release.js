/** What becomes of an action in the rounds that are not sealed: the rule above the box, and the author's own tick where actions are signed. */

import { signal } from "@preact/signals-core";
import { html } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { t, text } from "../../core/i18n.js";
import { isShownAtOnce } from "../../core/rounds.js";
import { you } from "../../core/session.js";

/** @import {Round} from "../../core/records.js" */

/** Whether the author signs what stands in the box: said for each action, never by default. */
export const isSigned = signal(false);

/** @param {Round} round */
export function promiseOf(round) {
  if (round.release === "signed") return t("With your name: everybody sees at once what you write, and that you wrote it.");
  if (round.release === "at_once") return t("Without a name, but shown at once: somebody who watches the room may guess. Write nothing here that you would not say aloud.");
  return t("Without a name: shown together with others', once five people have written. Nobody learns who wrote it.");
}

export const signature = () => html`
  <label class="check composer-sign"><input type="checkbox" .checked=${live(isSigned.value)} @change=${(/** @type {Event} */ event) => (isSigned.value = /** @type {HTMLInputElement} */ (event.target).checked)} /> <span>${t("I sign this action: %(name)s", { name: text(you.value.name) })}</span></label>`;

export const showWord = () => t("Show it");

/** Under "write your first action". @param {Round} round */
export const boxWords = (round) => (isShownAtOnce(round) ? t("The box is below. Everybody sees what you write as soon as you send it.") : t("The box is below. Only you see what you write."));
