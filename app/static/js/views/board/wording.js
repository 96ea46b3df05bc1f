/** A text before it is sent: how long it is, and what it had better not hold. Advice only; the server decides. */

import { adviceOf, codesOn } from "../../core/advice.js";

/** Code points after normalisation, as the server counts. @param {string} text */
export const lengthOf = (text) => [...text.normalize("NFC").trim()].length;

/** While it is written, when every text is one word at first. @param {string} text @returns {string} a warning, or "" */
export const warningAbout = (text) => adviceOf(codesOn(text).find((code) => code !== "vague") ?? "");

/** Once it is sealed, and can still be edited. @param {string} text @returns {string} */
export const adviceAfter = (text) => (codesOn(text).includes("vague") ? adviceOf("vague") : "");
