/**
 * Leaving a seat from a page that is not its own: only when nothing unsent of it lies in this browser, and then without a trace.
 * Reads what `keep.js` keeps for that seat.
 */

import { createStore, delMany, entries } from "idb-keyval";

// What may lie there and lose nobody a word: what was sent already, and habits.
const HARMLESS = new Set(["mine", "seen", "shortcuts", "arrived"]);

/** A seat can be left with a press once it is known that nothing unsent is left with it. @param {HTMLFormElement} form */
export async function offerLeaving(form) {
  const clean = await isClean(form.dataset["leave"] ?? "");
  form.hidden = !clean;
  const unsent = form.parentElement?.querySelector("[data-unsent]");
  if (unsent instanceof HTMLElement) unsent.hidden = clean;
  return clean;
}

/** Looks once more, for another tab may have been written in; forgets; then sends the form. @param {SubmitEvent} event */
export async function leaveFirst(event) {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.dataset["leave"] === undefined) return;
  event.preventDefault();
  if (!(await offerLeaving(form))) return;
  const kept = await keptFor(form.dataset["leave"]);
  if (kept.length) {
    await delMany(
      kept.map(([key]) => key),
      store(),
    );
  }
  form.submit();
}

const store = () => createStore("palabre", "kept");

/** @param {string} handle @returns {Promise<[IDBValidKey, unknown][]>} */
async function keptFor(handle) {
  try {
    return (await entries(store())).filter(([key]) => String(key).startsWith(`${handle}/`));
  } catch {
    // Where storage is blocked, nothing outlived the seat's page.
    return [];
  }
}

/** @param {string} handle */
async function isClean(handle) {
  return (await keptFor(handle)).every(([key, value]) => HARMLESS.has(String(key).split("/").at(-1) ?? "") || !holdsWords(value));
}

/** @param {unknown} value @returns {boolean} */
function holdsWords(value) {
  if (typeof value === "string") return value.trim() !== "";
  return typeof value === "object" && value !== null && Object.values(value).some(holdsWords);
}
