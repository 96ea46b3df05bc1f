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
    render(template, root);
    if (path.length && !path[0]?.isConnected) refocus(root, path);
  });
}

/** The focused element and what is around it, from the inside out; empty when the focus is elsewhere. @param {HTMLElement} root */
function pathOfFocus(root) {
  const path = [];
  for (let element = document.activeElement; element && root.contains(element); element = element.parentElement) path.push(element);
  return path;
}

/**
 * The focused button is gone with what it did: the view's own home for the focus, else the nearest neighbour.
 * @param {HTMLElement} root
 * @param {Element[]} path
 */
function refocus(root, path) {
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
