/** Draws a view into its region, once a frame at most, and gives the focus back to what it was on when that moved elsewhere. */

import { effect } from "@preact/signals-core";
import { render } from "lit-html";

/** @param {string} id @param {() => unknown} view reads signals, returns a template */
export function watch(id, view) {
  const root = /** @type {HTMLElement} */ (document.getElementById(id));
  root.textContent = "";
  let stop = () => undefined;
  const draw = () => {
    const focused = placeOfFocus(root);
    const wasInside = root.contains(document.activeElement);
    stop();
    let drawn = false;
    // Drawn inside the effect: lists read their signals only while they are rendered.
    stop = /** @type {() => undefined} */ (
      effect(() => {
        if (drawn) return void requestAnimationFrame(draw);
        drawn = true;
        render(view(), root);
      })
    );
    if (document.activeElement !== document.body) return;
    if (focused) giveBack(root, focused);
    else if (wasInside) goHome(root);
  };
  draw();
}

/** What had the focus went with what it did: to the region, or to the board when nothing is left there. @param {HTMLElement} root */
const goHome = (root) => /** @type {HTMLElement | null} */ (root.querySelector("[tabindex='-1']") ?? document.querySelector(".board-page"))?.focus({ preventScroll: true });

/** @typedef {{id: string, act: string, neighbours: string[]}} Focused */

/** @param {HTMLElement} root @returns {Focused | null} */
function placeOfFocus(root) {
  const active = document.activeElement;
  const holder = active?.closest("[data-id]");
  if (!active || !holder || !root.contains(holder)) return null;
  const all = [...root.querySelectorAll("[data-id]")].map(idOf);
  const at = all.indexOf(idOf(holder));
  return { id: idOf(holder), act: active.getAttribute("data-act") ?? "", neighbours: [...all.slice(at + 1), ...all.slice(0, at).reverse()] };
}

/** @param {Element} element */
const idOf = (element) => element.getAttribute("data-id") ?? "";

/** To the same control of the same thing; where that is gone, to its neighbour; else to the region. @param {HTMLElement} root @param {Focused} focused */
function giveBack(root, { id, act, neighbours }) {
  const holders = new Map([...root.querySelectorAll("[data-id]")].map((element) => [idOf(element), /** @type {HTMLElement} */ (element)]));
  const holder = holders.get(id) ?? holders.get(neighbours.find((other) => holders.has(other)) ?? "");
  const control = act ? /** @type {HTMLElement | null | undefined} */ (holder?.querySelector(`[data-act="${act}"]`)) : null;
  (control ?? holder ?? /** @type {HTMLElement | null} */ (root.querySelector("[tabindex='-1']")))?.focus({ preventScroll: true });
}
