/** Brings what the first screen can do without, after the link is up. The first load stays small. */

import { page } from "../../core/page.js";
import { later } from "./later.js";

const AGAIN_MS = 3000;

/** Comes with the page or, on a bad link, as soon as it can. @returns {Promise<void>} */
export async function loadLater() {
  try {
    const [views, strings] = await Promise.all([import("./work.js"), fetch(page.urls.strings), loadStyles()]);
    if (!strings.ok) throw new Error("no strings");
    Object.assign(page.strings, await strings.json());
    later.value = views;
    document.querySelector("link[rel=icon]")?.setAttribute("href", page.urls["icon"] ?? "");
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
