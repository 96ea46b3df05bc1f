/** The interface's words in the person's language. English sentences are the message ids; the page carries the translations. */

import { page } from "./page.js";

/** @typedef {Record<string, string>} Words text that is data, by language */

const plurals = new Intl.PluralRules(page.lang);
const numbers = new Intl.NumberFormat(page.lang);
const decimals = new Intl.NumberFormat(page.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
let zone = /** @type {string | undefined} */ (undefined);

/** @param {string} sentence @param {Record<string, unknown>} values */
const fill = (sentence, values) =>
  sentence.replace(/%\((\w+)\)s/g, (hole, name) => {
    const value = values[name];
    return value === undefined || value === null ? hole : typeof value === "number" ? numbers.format(value) : String(value);
  });

/** @param {string} msgid */
const translated = (msgid) => {
  const found = page.strings[msgid];
  return (Array.isArray(found) ? found[0] : found) || msgid;
};

/**
 * @param {string} msgid
 * @param {Record<string, unknown>} [values]
 */
export const t = (msgid, values = {}) => fill(translated(msgid), values);

/**
 * The right form for a number; %(n)s is the number.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {Record<string, unknown>} [values]
 */
export function tn(one, many, n, values = {}) {
  const singular = plurals.select(n) === "one";
  const forms = page.strings[one];
  const sentence = Array.isArray(forms) ? forms[singular ? 0 : forms.length - 1] : translated(singular ? one : many);
  return fill(sentence || (singular ? one : many), { n, ...values });
}

/** @param {Words | null | undefined} words @returns {string} in the person's language, else in any */
export const text = (words) => (words && (words[page.lang] || words.fr || words.en || Object.values(words)[0])) || "";

/** With one digit after the point, also where that is a zero. @param {number} value */
export const formatDecimal = (value) => decimals.format(value);

/** @param {number} value */
export const formatNumber = (value) => numbers.format(value);

/** @param {number} value of a hundred */
export const formatPercent = (value) => new Intl.NumberFormat(page.lang, { style: "percent" }).format(value / 100);

/** Hours and minutes where the workshop is, whatever the device believes. @param {number} at_ms */
export const formatTime = (at_ms) => new Intl.DateTimeFormat(page.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(at_ms);

/** A day kept as 2026-03-31, as people write it. @param {string} day */
export const formatDay = (day) => (day ? new Intl.DateTimeFormat(page.lang === "en" ? "en-GB" : page.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(day)) : "");

/** The day it is where the workshop is, as 2026-03-31. @param {number} at_ms */
export const dayAt = (at_ms) => new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone }).format(at_ms);

/** @param {string | undefined} name an IANA time zone; an unknown one leaves the device's */
export function useTimeZone(name) {
  try {
    new Intl.DateTimeFormat(page.lang, { timeZone: name });
    zone = name;
  } catch {
    zone = undefined;
  }
}
