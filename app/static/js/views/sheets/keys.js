/** The desk's keys: single letters, off while typing, in dialogs, and wherever the person has turned keys off (WCAG 2.1.4). */

import { undoLast } from "../../core/toast.js";
import { shortcuts } from "../board/state.js";
import { current, onWall, releaseItem, walk } from "./desk.js";
import { typeAhead } from "./notes.js";
import { open } from "./state.js";

/** @typedef {NonNullable<ReturnType<typeof current>>} Item */

/** By key. @type {Record<string, () => unknown>} */
const ACTS = {
  j: () => walk(1),
  k: () => walk(-1),
  n: () => onCurrent(startNote),
  r: () => onCurrent(releaseItem),
  w: () => onCurrent(onWall),
};

/** The thing whose box is about to be drawn: until then, letters are its note and no keys. @type {Item | null} */
let awaited = null;

/** @param {Item} item */
function startNote(item) {
  const box = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(`[data-item="${CSS.escape(item.id)}"] #note-said`));
  awaited = box || current()?.id !== item.id ? null : item;
  if (awaited) return void requestAnimationFrame(() => startNote(item));
  if (!box) return;
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

/** @param {(item: Item) => unknown} act */
function onCurrent(act) {
  const item = current();
  return item && act(item);
}

export function listenToKeys() {
  addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (document.querySelector("dialog[open]") || target.matches("textarea, select, input:not([type='checkbox'], [type='radio'])")) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") return void (undoLast() && event.preventDefault());
    if (awaited && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      return typeAhead({ table: awaited.table, id: awaited.id }, "said", event.key);
    }
    const act = ACTS[event.key.toLowerCase()];
    if (open.value !== "desk" || !act || event.ctrlKey || event.metaKey || event.altKey || !shortcuts.value) return;
    event.preventDefault();
    void act();
  });
}
