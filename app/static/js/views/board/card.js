/** A published action, with what can be done with it here and what was said about it. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { factorOf } from "../../core/records.js";
import { bothTexts, translations } from "../texts/both-texts.js";
import { talk, talkButton } from "./comments.js";
import { later } from "./later.js";
import { arrived } from "./news.js";
import { openFactor, ticked, toggled } from "./state.js";

/** @import {Card} from "../../core/records.js" */

/** @param {Card} card @param {{movable?: boolean}} [here] */
export function cardView(card, { movable = false } = {}) {
  const target = { table: /** @type {const} */ ("cards"), id: card.id };
  const isTicked = movable && ticked.value.has(card.id);
  const factor = card.factor === openFactor.value?.id ? undefined : factorOf(card.factor);
  return html`
    <li class="card ${isTicked ? "card-selected" : ""} ${arrived.has(card.id) ? "card-new" : ""}" data-id=${card.id} data-drag=${movable ? card.id : nothing} data-factor-number=${factor?.number ?? nothing} tabindex="-1">
      ${movable ? html`<div class="both-texts">${tick(card, isTicked)}${translations(card)}</div>` : bothTexts(card, "card-text")}
      <div class="card-foot"><span class="card-number">${t("no. %(number)s", { number: card.number })}</span> ${factor ? html`<span class="tag tag-factor">${factor.number}. ${text(factor.title)}</span>` : nothing} ${kindTag(card)} ${card.name ? html`<span class="tag">${icon("edit")} ${text(card.name)}</span>` : nothing}
        <div class="card-actions">
          ${movable ? html`<button type="button" class="button button-small button-quiet" data-act="move" aria-label="${t("Move to…")} ${t("no. %(number)s", { number: card.number })}" @click=${() => later.value?.askMove([card.id])}>${icon("move")} <span class="card-word">${t("Move to…")}</span></button>` : nothing}
          ${later.value?.translateButton("cards", card)} ${later.value?.readAloudButton(card.text, card.language)} ${talkButton(target)}
        </div></div>
      ${talk(target)}
    </li>`;
}

/** What is not an action is said to be none: it is not put to the vote. @param {Card} card */
const kindTag = (card) => (card.kind === "action" ? nothing : html`<span class="tag">${card.kind === "question" ? t("Question") : t("Remark")}</span>`);

/** @param {Card} card @param {boolean} isTicked */
const tick = (card, isTicked) => html`
  <label class="card-tick"><input type="checkbox" data-act="tick" .checked=${isTicked} @change=${() => (ticked.value = toggled(ticked.value, card.id))} />
    <span class="card-text" lang=${card.language ?? nothing} dir="auto">${card.text}</span></label>`;
