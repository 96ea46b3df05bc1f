// Dragging cards onto a group: an extra beside "Move to…", never the only way.

import { cards } from "../../core/records.js";
import { move } from "./grouping.js";

/** @import {Card} from "../../core/records.js" */

const TYPE = "application/x-palabre-cards";

/** A ticked card takes all ticked ones along. @param {DragEvent} event @param {Card} card @param {ReadonlySet<string>} ticked */
export function startDrag(event, card, ticked) {
  const ids = ticked.has(card.id) ? [...ticked] : [card.id];
  event.dataTransfer?.setData(TYPE, JSON.stringify(ids));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
}

/** @param {string | null} to the group that takes what is dropped, null for none */
export function dropZone(to) {
  return {
    /** @param {DragEvent} event */
    over(event) {
      if (!event.dataTransfer?.types.includes(TYPE)) return;
      event.preventDefault();
      mark(event, true);
    },
    /** @param {DragEvent} event */
    leave: (event) => mark(event, false),
    /** @param {DragEvent} event */
    drop(event) {
      event.preventDefault();
      mark(event, false);
      const ids = /** @type {string[]} */ (JSON.parse(event.dataTransfer?.getData(TYPE) || "[]"));
      void move(cards.value.filter((card) => ids.includes(card.id)), to);
    },
  };
}

/** @param {DragEvent} event @param {boolean} on */
const mark = (event, on) => /** @type {HTMLElement} */ (event.currentTarget).toggleAttribute("data-over", on);
