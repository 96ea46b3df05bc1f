/** What just happened, at the foot of the screen, with its undo. Stays while it is pointed at or focused. */

import { announce } from "./announce.js";
import { t } from "./i18n.js";

const STAYS_MS = 9000;
const MOST = 3;

/** @type {{element: HTMLElement, undo: () => unknown}[]} */
const undoable = [];

/** @param {string} sentence @param {{undo?: () => unknown}} [options] */
export function toast(sentence, { undo } = {}) {
  const place = region();
  const element = document.createElement("div");
  element.className = "toast";
  element.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: t("Undo") });
    button.addEventListener("click", () => take(element));
    element.append(button);
    undoable.push({ element, undo });
  }
  place.append(element);
  while (place.children.length > MOST) dismiss(/** @type {HTMLElement} */ (place.firstElementChild));
  leaveLater(element);
  announce(sentence);
}

/** The key's way to the newest undo that is still on screen. @returns {boolean} whether there was one */
export function undoLast() {
  const newest = undoable[undoable.length - 1];
  if (newest) take(newest.element);
  return newest !== undefined;
}

/** @param {HTMLElement} element */
function take(element) {
  const found = undoable.find((other) => other.element === element);
  dismiss(element);
  found?.undo();
  // The button went with its toast: the keyboard goes on in the page, not at its top.
  if (document.activeElement === document.body) /** @type {HTMLElement | null} */ (document.querySelector("main [tabindex='-1']"))?.focus({ preventScroll: true });
}

/** @param {HTMLElement} element */
function dismiss(element) {
  const at = undoable.findIndex((other) => other.element === element);
  if (at >= 0) undoable.splice(at, 1);
  element.remove();
}

/** @param {HTMLElement} element */
function leaveLater(element) {
  const watched = () => element.matches(":hover, :focus-within");
  setTimeout(() => (watched() ? leaveLater(element) : dismiss(element)), STAYS_MS);
}

function region() {
  const found = document.querySelector(".toasts");
  if (found) return found;
  const made = document.createElement("div");
  made.className = "toasts";
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", t("What just happened"));
  document.body.append(made);
  return made;
}
