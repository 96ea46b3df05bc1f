/** What somebody types for one line of a paper ballot, and what it is on a ballot. Pure; the server checks the ballot. */

import { criteriaOf, nameOf } from "../../core/methods.js";

/** @import {Round} from "../../core/records.js" */

const CONSENT = { 1: "agree", 2: "reserve", 3: "opposed" };

/** Lines that are ticked, that are put in order, or that are answered one after the other. @param {{method: string | null}} round @returns {"tick" | "order" | "number" | "scale"} */
export function formOf(round) {
  const name = nameOf(round);
  if (name === "approval" || name === "choose") return "tick";
  if (name === "rank") return "order";
  return ["points", "hundred", "quadratic"].includes(name) ? "number" : "scale";
}

/**
 * @param {Round} round
 * @param {string} typed
 * @param {string} [words] of a reserve
 * @returns {any} undefined for an empty line, null for what cannot be read
 */
export function readingOf(round, typed, words = "") {
  const text = typed.replaceAll(/\s/g, "");
  if (!text) return undefined;
  if (formOf(round) === "tick") return true;
  switch (nameOf(round)) {
    case "criteria_1_5": return scores(criteriaOf(round), text);
    case "consent": return consent(text, words);
    case "score_1_5": return /^[1-5]$/.test(text) ? Number(text) : null;
    default: return /^\d{1,4}$/.test(text) ? Number(text) : null;
  }
}

/** One sign for each criterion: a score, or a dash where there is none. @param {string[]} criteria @param {string} text */
function scores(criteria, text) {
  if (text.length !== criteria.length || !/^[1-5-]+$/.test(text)) return null;
  const given = criteria.flatMap((name, place) => (text[place] === "-" ? [] : [[name, Number(text[place])]]));
  return given.length ? Object.fromEntries(given) : undefined;
}

/** @param {string} text @param {string} words */
function consent(text, words) {
  const answer = CONSENT[/** @type {1 | 2 | 3} */ (Number(text))];
  if (!answer) return null;
  return answer === "reserve" && words.trim() ? { reserve: words } : answer;
}

/** The lines of a seat's sheet, each with the code that is printed before it. @param {Round} round @param {string[]} factors of the seat's table */
export const linesOf = (round, factors) =>
  (round.ballot ?? []).map((target, place) => ({ target, code: place + 1 })).filter(({ target }) => !target.factor || factors.includes(target.factor));
