// Draws a view into its region and draws it again when a signal it read changes. Whoever had the focus keeps it, or its place.

import { effect } from "@preact/signals-core";
import { render } from "lit-html";

const FOCUSABLE = "button:not(:disabled), a[href], input:not(:disabled), select, textarea";

/**
 * @param {HTMLElement} root
 * @param {() => unknown} view reads signals, returns a lit template
 * @returns {() => void} stops drawing
 */
export function watch(root, view) {
  return effect(() => {
    const template = view();
    const path = pathOfFocus(root);
    const place = placeOf(path);
    render(template, root);
    if (!path.length || document.activeElement === path[0]) return;
    // A node that was moved is still there and has lost the focus all the same.
    if (path[0]?.isConnected && document.activeElement === document.body) /** @type {HTMLElement} */ (path[0]).focus({ preventScroll: true });
    if (document.activeElement === document.body) refocus(root, path, place);
  });
}

/** The focused element and what is around it, from the inside out; empty when the focus is elsewhere. @param {HTMLElement} root */
function pathOfFocus(root) {
  const path = [];
  for (let element = document.activeElement; element && root.contains(element); element = element.parentElement) path.push(element);
  return path;
}

/** Which row and which of its buttons had the focus: a row that went elsewhere is drawn anew. @param {Element[]} path */
function placeOf(path) {
  const row = path.find((element) => element.hasAttribute("data-row"))?.getAttribute("data-row");
  return row ? { row, act: path[0]?.getAttribute("data-act") ?? "" } : null;
}

/**
 * The focused button is gone with what it did: the same one of its row, the view's own home for the focus, else the nearest neighbour.
 * @param {HTMLElement} root
 * @param {Element[]} path
 * @param {{row: string, act: string} | null} place
 */
function refocus(root, path, place) {
  const row = place && root.querySelector(`[data-row="${CSS.escape(place.row)}"]`);
  const same = row?.querySelector(`[data-act="${place?.act}"]:not(:disabled)`) ?? row?.querySelector(FOCUSABLE);
  if (same instanceof HTMLElement) return same.focus({ preventScroll: true });
  const around = path.find((element) => element.isConnected && element.querySelector(FOCUSABLE));
  const home = root.querySelector("[data-focus-home]") ?? around?.querySelector(FOCUSABLE);
  if (home instanceof HTMLElement) home.focus({ preventScroll: true });
}

/**
 * The region a template reserved for a view.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function region(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
