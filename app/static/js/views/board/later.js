/** The views that the first screen can do without, once they are here: voting, grouping, results, dialogs, keys. See load-later.js. */

import { effect, signal } from "@preact/signals-core";

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
