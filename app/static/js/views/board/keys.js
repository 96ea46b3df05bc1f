/** Single keys for those who want them: off while typing, off in dialogs, off by choice (WCAG 2.1.4). And the swipe between factors. */

import { undoLast } from "../../core/toast.js";
import { mayGroup } from "./follow.js";
import { groupTicked, tickedCards } from "./grouping.js";
import { showHelp } from "./help.js";
import { askMove } from "./move-dialog.js";
import { liveRound, openFactor, shortcuts, ticked, toggled } from "./state.js";
import { step } from "./strip.js";

const SWIPE_PX = 70;
const SWIPE_MS = 600;

export function listenToKeys() {
  addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (document.querySelector("dialog[open]") || target.matches("textarea, select, input:not([type='checkbox'], [type='radio'])")) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") return void (undoLast() && event.preventDefault());
    if (event.ctrlKey || event.metaKey || event.altKey || !shortcuts.value) return;
    if (ACTS[event.key.toLowerCase()]?.(target)) event.preventDefault();
  });
}

/** By key; each says whether it had something to do. @type {Record<string, (target: Element) => boolean>} */
const ACTS = {
  "?": () => (void showHelp(), true),
  n: () => walkTo(document.getElementById("composer")),
  j: (target) => walk(target, 1),
  k: (target) => walk(target, -1),
  x: tick,
  g: () => mayGroupHere() && (groupTicked(), true),
  m: moveFrom,
};

/** @param {HTMLElement | null | undefined} element */
function walkTo(element) {
  element?.focus();
  return Boolean(element);
}

const mayGroupHere = () => liveRound.value !== undefined && mayGroup(liveRound.value, openFactor.value);

/** @param {Element} target @returns {string} the card that holds the focus */
const cardAt = (target) => /** @type {HTMLElement | null} */ (target.closest(".card[data-id]"))?.dataset["id"] ?? "";

/** @param {Element} target @param {number} by */
function walk(target, by) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#board-body .card[data-id]")]);
  const at = all.findIndex((card) => card.dataset["id"] === cardAt(target));
  return walkTo(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
}

/** @param {Element} target */
function tick(target) {
  const id = cardAt(target);
  if (!id || !mayGroupHere()) return false;
  ticked.value = toggled(ticked.value, id);
  return true;
}

/** @param {Element} target */
function moveFrom(target) {
  const ids = ticked.value.size ? tickedCards().map(({ id }) => id) : [cardAt(target)].filter(Boolean);
  if (!ids.length || !mayGroupHere()) return false;
  void askMove(ids);
  return true;
}

/** A quick stroke sideways goes to the next factor. @param {HTMLElement} root */
export function listenToSwipes(root) {
  /** @type {{x: number, y: number, at: number} | null} */
  let from = null;
  root.addEventListener("touchstart", ({ touches, timeStamp, target }) => {
    const [touch] = touches;
    from = touches.length === 1 && touch && !(/** @type {Element} */ (target).closest("textarea, input, .stepper")) ? { x: touch.clientX, y: touch.clientY, at: timeStamp } : null;
  }, { passive: true });
  root.addEventListener("touchend", ({ changedTouches, timeStamp }) => {
    const [touch] = changedTouches;
    if (!from || !touch || document.querySelector(".card-ghost")) return;
    const [dx, dy] = [touch.clientX - from.x, touch.clientY - from.y];
    if (timeStamp - from.at < SWIPE_MS && Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) step(dx < 0 ? 1 : -1);
  }, { passive: true });
}
