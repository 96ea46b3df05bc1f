/** An own sealed action: where it is, and how to change it or take it back while the round is open. Only this device can show it. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { CARD_CHARS } from "../../contract.js";
import { clearTyped, type, typedAt } from "../../core/drafts.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { edit, post, withdraw } from "../../core/mine.js";
import { link } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { editing, typed } from "./state.js";
import { lengthOf, warningAbout } from "./wording.js";

/** @import {OwnText} from "../../core/mine.js" */
/** @import {Round} from "../../core/records.js" */

/** @param {OwnText} own @param {Round | null} round where it can still be changed */
export function ownCard(own, round) {
  const kind = own.sending ? "card-own card-pending" : "card-own";
  return html`
    <li class="card ${kind}" data-id=${own.id} tabindex="-1">
      ${editing.value === own.id && round ? editor(own) : html`<p class="card-text" dir="auto">${own.text}</p>`}
      <div class="card-foot"><span class="line">${state(own)}</span> ${round && editing.value !== own.id ? actions(own, round) : nothing}</div>
    </li>`;
}

/** @param {OwnText} own */
export function state(own) {
  if (!own.sending) return html`<span class="tag tag-own">${icon("lock")} ${t("In the urn")}</span>`;
  return link.value.state === "online" ? html`<span class="tag">${icon("clock")} ${t("Sending…")}</span>` : html`<span class="tag">${icon("wifi-off")} ${t("Kept here, sent when the link is back")}</span>`;
}

/** @param {OwnText} own @param {Round} round */
const actions = (own, round) => html`
  <div class="card-actions">
    <button type="button" class="button button-small button-quiet" data-act="edit" @click=${() => open(own)}>${icon("edit")} ${t("Edit")}</button>
    <button type="button" class="button button-small button-quiet" data-act="withdraw" @click=${() => takeBack(own, round)}>${icon("undo")} ${t("Withdraw")}</button>
  </div>`;

/** @param {OwnText} own */
function editor(own) {
  void typed.value;
  const words = typedAt(placeOf(own)) || own.text;
  const length = lengthOf(words);
  const warning = warningAbout(words);
  return html`
    <form class="stack-tight stack" @submit=${(/** @type {Event} */ event) => save(event, own)} @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && shut(own)}>
      <textarea id="editor" class="input" rows="3" dir="auto" aria-label=${t("Your action")} .value=${live(words)} @input=${(/** @type {InputEvent} */ event) => write(own, event)}></textarea>
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
function open(own) {
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

/** @param {OwnText} own @param {Round} round */
async function takeBack(own, round) {
  toast(t("Withdrawn."), { undo: () => post(round, own.factor, own.text) });
  const answer = await withdraw(own);
  if ("code" in answer && answer.code !== "gone") toast(sentence(answer.code, answer.data));
}
