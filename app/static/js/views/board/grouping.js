/** A grouping round: tick cards and "Group", or "Move to…", or drag. The bar at the foot holds what can be done with the ticked ones. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { cards } from "../../core/records.js";
import { deskView } from "./desk.js";
import { hintsView } from "./doubles.js";
import { factorHead } from "./factor-head.js";
import { mayGroup } from "./follow.js";
import { askMove } from "./move-dialog.js";
import { group, move } from "./moves.js";
import { lists } from "./reading.js";
import { openFactor, ticked } from "./state.js";

/** @import {Factor, Round} from "../../core/records.js" */

/** @param {Round} round @param {Factor} factor */
export function groupingView(round, factor) {
  const movable = mayGroup(round, factor);
  return html`${factorHead(factor)}
    ${movable ? nothing : deskView()} ${movable ? html`<p class="board-advice">${t("Tick the actions that say the same and press Group. An action goes elsewhere with “Move to…”, or by dragging it.")}</p>` : nothing}
    ${movable ? hintsView(factor) : nothing}
    <div class=${movable ? "grouping" : ""}>${lists(factor, { movable })}</div>`;
}

/** The ticked cards that are still there. */
export const tickedCards = () => cards.value.filter((card) => ticked.value.has(card.id) && card.state === "published");

/** @param {Round} round */
export function groupingBar(round) {
  const list = tickedCards();
  if (!mayGroup(round, openFactor.value) || !list.length) return nothing;
  return html`
    <div class="board-bar" role="region" aria-label=${t("Ticked actions")}>
      <p class="line spread"><strong>${t("%(n)s ticked", { n: list.length })}</strong>
        <button type="button" class="button button-small button-quiet" @click=${() => (ticked.value = new Set())}>${t("Untick")}</button></p>
      <div class="board-bar-acts">
        <button type="button" class="button button-primary" ?disabled=${list.length < 2} @click=${groupTicked}>${icon("group")} ${t("Group")}</button>
        <button type="button" class="button" @click=${moveTicked}>${icon("move")} ${t("Move to…")}</button>
      </div>
    </div>`;
}

export async function groupTicked() {
  const list = tickedCards();
  if (!openFactor.value || list.length < 2) return;
  const made = await group(openFactor.value.id, list);
  if (made) requestAnimationFrame(() => requestAnimationFrame(() => goTo(made)));
}

/** To the new group, unless the person has gone elsewhere in the meantime. @param {string} id */
function goTo(id) {
  const active = document.activeElement;
  if (active === document.body || active?.matches(".board-page")) /** @type {HTMLElement | null} */ (document.querySelector(`.cluster[data-id="${id}"]`))?.focus();
}

export const moveTicked = () => askMove(tickedCards().map(({ id }) => id));

/** @param {string} id @param {string} place a group, or "" for none; a ticked card takes the other ticked ones along */
export function dropped(id, place) {
  const list = ticked.value.has(id) ? tickedCards() : cards.value.filter((card) => card.id === id);
  void move(list, place || null);
}
