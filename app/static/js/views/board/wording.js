/** What an own text had better not hold, said before and after it is sealed. Advice only; the server decides. */

import { adviceOf, codesOn } from "../../core/advice.js";

/** While it is written, when every text is one word at first. @param {string} text @returns {string} a warning, or "" */
export const warningAbout = (text) => adviceOf(codesOn(text).find((code) => code !== "vague") ?? "");

/** Once it is sealed, and can still be edited. @param {string} text @returns {string} */
export const adviceAfter = (text) => (codesOn(text).includes("vague") ? adviceOf("vague") : "");
