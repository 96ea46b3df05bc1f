// One action on the facilitator's board: a tick, its words, and the way to hold or give it back.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { translations } from "../texts/both-texts.js";
import { translateButton } from "../texts/translate.js";
import { ask } from "./ask.js";
import { send } from "./commands.js";
import { spotlightButton } from "./everybody.js";
import { startDrag } from "./drag.js";
import { release } from "./review.js";

/** @import {Card} from "../../core/records.js" */

/** The cards ticked for grouping or moving. */
export const ticked = signal(/** @type {ReadonlySet<string>} */ (new Set()));

export const untickAll = () => void (ticked.value = new Set());

/** @param {Card} card */
function toggle(card) {
  const next = new Set(ticked.value);
  if (!next.delete(card.id)) next.add(card.id);
  ticked.value = next;
}

/** @param {Card} card @param {boolean} frozen */
export function boardCard(card, frozen) {
  if (card.state === "held") return heldCard(card);
  return html`
    <li data-row=${card.id} class=${ticked.value.has(card.id) ? "card board-card card-selected" : "card board-card"} draggable=${frozen ? "false" : "true"} @dragstart=${(/** @type {DragEvent} */ event) => startDrag(event, card, ticked.value)}>
      <label class="board-card-label">
        <input type="checkbox" ?disabled=${frozen} .checked=${ticked.value.has(card.id)} @change=${() => toggle(card)} />
        <span class="both-texts"><span class="card-text" lang=${card.language ?? nothing} dir="auto"><span class="card-number">${card.number}</span> ${card.text}</span>${translations(card)}</span>
      </label>
      ${spotlightButton({ table: "cards", id: card.id }, t("action %(n)s", { n: card.number }))}
      ${translateButton("cards", card)}
      <button type="button" class="button button-quiet button-icon board-card-hold" aria-label=${t("Hold action %(n)s", { n: card.number })} title=${t("Hold…")} ?disabled=${frozen} @click=${() => holdShown(card)}>${icon("eye-off")}</button>
    </li>`;
}

/** @param {Card} card */
const heldCard = (card) => html`
  <li class="card card-held">
    <p class="card-text" dir="auto"><span class="card-number">${card.number}</span> ${card.text}</p>
    <p class="card-foot"><span>${card.reason ?? ""}</span> <button type="button" class="button button-small" @click=${() => release(card)}>${t("Give back")}</button> <button type="button" class="button button-small button-quiet" @click=${() => erase(card)}>${t("Erase…")}</button></p>
  </li>`;

/** What harms somebody goes for good: there is no undo. @param {Card} card */
async function erase(card) {
  const answer = await ask({
    title: t("Erase this action for good?"),
    body: html`<p dir="auto">${card.text}</p><p>${t("Its words leave the board, its history and the files. Everybody sees that an action was taken away. This cannot be undone; backups made before still hold it.")}</p>`,
    yes: t("Erase"),
    danger: true,
    value: () => "yes",
  });
  if (answer) await send("card.erase", { card: card.id }, { done: t("Erased. A mark stays.") });
}

/** A published card leaves every screen, and its group with it: the undo brings both back. @param {Card} card */
async function holdShown(card) {
  let reason = "";
  const answer = await ask({
    title: t("Hold this action?"),
    body: html`
      <p dir="auto">${card.text}</p>
      <p>${t("It leaves every screen and its group. The reason stays with the action; staff can read it.")}</p>
      <label class="field">${t("Reason")} <input class="input" maxlength="200" autofocus @input=${(/** @type {InputEvent} */ event) => (reason = /** @type {HTMLInputElement} */ (event.target).value)} /></label>`,
    yes: t("Hold"),
    value: () => reason.trim() || t("No reason given"),
  });
  if (answer) await send("card.hold", { card: card.id, reason: answer }, { done: t("Held. It is not shown."), undo: () => giveBack(card) });
}

/** @param {Card} card as it was before */
async function giveBack(card) {
  if ((await send("card.release", { card: card.id })) && card.cluster) await send("card.move", { moves: [{ card: card.id, to: card.cluster, seen: null }] });
}
