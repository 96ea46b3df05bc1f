// Draws a view into its region and draws it again when a signal it read changes.

import { effect } from "@preact/signals-core";
import { render } from "lit-html";

/**
 * @param {HTMLElement} root
 * @param {() => unknown} view reads signals, returns a lit template
 * @returns {() => void} stops drawing
 */
export function watch(root, view) {
  return effect(() => {
    render(view(), root);
  });
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
