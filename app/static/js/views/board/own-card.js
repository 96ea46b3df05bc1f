/** An own sealed action: where it is, and how to change it or take it back while the round is open. Only this device can show it. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { post, withdraw } from "../../core/mine.js";
import { isShownAtOnce } from "../../core/rounds.js";
import { link, may } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { later, sentence } from "./later.js";
import { editing } from "./state.js";

/** @import {OwnText} from "../../core/mine.js" */
/** @import {Round} from "../../core/records.js" */

/** @param {OwnText} own @param {Round | null} round where it can still be changed */
export function ownCard(own, round) {
  const kind = own.sending ? "card-own card-pending" : "card-own";
  return html`
    <li class="card ${kind}" data-id=${own.id} tabindex="-1">
      ${editing.value === own.id && round ? later.value?.editor(own) : html`<p class="card-text" dir="auto">${own.text}</p>`}
      <div class="card-foot"><span class="line">${state(own)}</span> ${round && may("card.edit", round) && !isShownAtOnce(round) && editing.value !== own.id ? actions(own, round) : nothing}</div>
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
    <button type="button" class="button button-small button-quiet" data-act="edit" @click=${() => later.value?.openEditor(own)}>${icon("edit")} ${t("Edit")}</button>
    <button type="button" class="button button-small button-quiet" data-act="withdraw" @click=${() => takeBack(own, round)}>${icon("undo")} ${t("Withdraw")}</button>
  </div>`;

/** @param {OwnText} own @param {Round} round */
async function takeBack(own, round) {
  toast(t("Withdrawn."), { undo: () => post(round, own.factor, own.text) });
  const answer = await withdraw(own);
  if ("code" in answer && answer.code !== "gone") toast(sentence(answer.code, answer.data));
}
