// Titles in the page's language, or French and English in turn when the wall is told to.

import { signal } from "@preact/signals-core";
import { html } from "lit-html";
import { page } from "../../core/session.js";
import { recall, remember } from "../console/remember.js";

/** @import {Words} from "../../core/records.js" */

const TURN_MS = 8_000;
const STORED = "palabre-wall-titles";

export const isBoth = signal(recall(STORED) === "both");
const own = /** @type {"fr"|"en"} */ (page.lang === "en" ? "en" : "fr");
const current = signal(own);

export function toggleBoth() {
  isBoth.value = !isBoth.value;
  remember(STORED, isBoth.value ? "both" : "one");
  if (!isBoth.value) current.value = own;
}

/** @returns {() => void} */
export function startTitles() {
  const timer = setInterval(() => {
    if (isBoth.peek()) current.value = current.peek() === "fr" ? "en" : "fr";
  }, TURN_MS);
  return () => clearInterval(timer);
}

/** @param {Words | undefined} words */
export function title(words) {
  const lang = words?.[current.value] ? current.value : own;
  return html`<span lang=${lang} dir="auto">${words?.[lang] ?? words?.fr ?? ""}</span>`;
}
