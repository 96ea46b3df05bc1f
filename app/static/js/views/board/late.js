/** Texts that came too late, or were not taken: kept as drafts on this device, to send in a later round or to delete. */

import { html, nothing } from "lit-html";
import { drafts, dropLate, keepLate } from "../../core/drafts.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { cardsLeft, post } from "../../core/mine.js";
import { factorOf } from "../../core/records.js";
import { toast } from "../../core/toast.js";
import { ownFactors } from "./state.js";

/** @import {Factor, Round} from "../../core/records.js" */
/** @import {Late} from "../../core/drafts.js" */

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
  const answer = await post(round, factor.id, draft.text, null, false, draft.seat);
  if ("code" in answer) toast(sentence(answer.code, answer.data));
}

/** @param {Late} draft */
function deleteLate(draft) {
  const { id: _, ...again } = draft;
  void dropLate(draft.id);
  toast(t("Draft deleted."), { undo: () => keepLate(again) });
}
