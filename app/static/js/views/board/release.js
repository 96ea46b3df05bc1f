/** What becomes of an action in the rounds that are not sealed: the rule above the box, and the author's own tick where actions are signed. */

import { signal } from "@preact/signals-core";
import { html } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { isOneTables } from "../../core/among.js";
import { t, text, tn } from "../../core/i18n.js";
import { page } from "../../core/page.js";
import { isShownAtOnce } from "../../core/rounds.js";
import { you } from "../../core/session.js";

/** @import {Factor, Round} from "../../core/records.js" */

/** Whether the author signs what stands in the box: said for each action, never by default. */
export const isSigned = signal(false);

/** @param {Round} round */
export function promiseOf(round) {
  if (round.release === "signed") return t("With your name: everybody sees at once what you write, and that you wrote it.");
  if (round.release === "at_once") return t("Without a name, but shown at once: somebody who watches the room may guess. Write nothing here that you would not say aloud.");
  return t("Without a name: it waits with the texts of at least five people, and chance decides when each is shown. Nobody learns who wrote it.");
}

/** Where one table alone writes on a factor: among how many an author is hidden, said before the first action. @param {Round} round @param {Factor} factor */
export function amongWords(round, factor) {
  const peers = page.peers ?? 0;
  if (!peers || round.release === "signed" || !isOneTables(round.scope, you.value.table, factor.id)) return "";
  return tn("Only your table writes here: all will know that it comes from your table, where you are alone.", "Only your table writes here: all will know that it comes from one of the %(n)s of you.", peers);
}

export const signature = () => html`
  <label class="check composer-sign"><input type="checkbox" .checked=${live(isSigned.value)} @change=${(/** @type {Event} */ event) => (isSigned.value = /** @type {HTMLInputElement} */ (event.target).checked)} /> <span>${t("I sign this action: %(name)s", { name: text(you.value.name) })}</span></label>`;

export const showWord = () => t("Show it");

/** Under "write your first action". @param {Round} round */
export const boxWords = (round) => (isShownAtOnce(round) ? t("The box is below. Everybody sees what you write as soon as you send it.") : t("The box is below. Only you see what you write."));
