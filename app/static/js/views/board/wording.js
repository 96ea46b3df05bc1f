/** A text before it is sent: how long it is, and what it had better not hold. Advice only; the server decides. */

import { t } from "../../core/i18n.js";

const EMAIL = /[^\s@]+@[^\s@]+\.[a-z]{2,}/i;
const NUMBER = /(?:\+|\b)\d[\d\s./()-]{5,}\d/g;
const DIGITS_OF_A_PHONE = 8;

/** Code points after normalisation, as the server counts. @param {string} text */
export const lengthOf = (text) => [...text.normalize("NFC").trim()].length;

/** @param {string} text @returns {string} a warning, or "" */
export function warningAbout(text) {
  if (EMAIL.test(text)) return t("This looks like an e-mail address. Leave out what points to a person.");
  const numbers = text.match(NUMBER) ?? [];
  if (numbers.some((number) => number.replace(/\D/g, "").length >= DIGITS_OF_A_PHONE)) return t("This looks like a telephone number. Leave out what points to a person.");
  return "";
}
