/** What the first screen can do without comes after the link is up: voting, grouping, results, dialogs, keys. The first load stays small. */

import { effect, signal } from "@preact/signals-core";
import { page } from "../../core/page.js";

const AGAIN_MS = 3000;

/** The views of work.js, once they are here. */
export const later = signal(/** @type {typeof import("./work.js") | null} */ (null));

/** Does something with those views, at once or as soon as they are here. @param {(views: typeof import("./work.js")) => void} act */
export function soon(act) {
  const stop = effect(() => {
    if (!later.value) return;
    act(later.value);
    queueMicrotask(() => stop());
  });
}

/** A refusal in words. @param {string} code @param {Record<string, any>} [data] */
export const sentence = (code, data) => later.value?.sentence(code, data) ?? "";

/** Comes with the page or, on a bad link, as soon as it can. @returns {Promise<void>} */
export async function loadLater() {
  try {
    const [views, strings] = await Promise.all([import("./work.js"), fetch(page.urls.strings), loadStyles()]);
    if (!strings.ok) throw new Error("no strings");
    Object.assign(page.strings, await strings.json());
    later.value = views;
  } catch {
    setTimeout(loadLater, AGAIN_MS);
  }
}

/** The styles of those views. @returns {Promise<void>} */
function loadStyles() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = page.urls.styles;
  return new Promise((resolve, reject) => {
    sheet.onload = () => resolve();
    sheet.onerror = () => {
      sheet.remove();
      reject(new Error("no styles"));
    };
    document.head.append(sheet);
  });
}
