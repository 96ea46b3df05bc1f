/** Advice about a text, before it is sent and beside it in the review: the patterns are the server's (contract.js), the sentences are here. */

import { ADVICE } from "../contract-later.js";
import { t } from "./i18n.js";

const PATTERNS = ADVICE.map(({ code, pattern }) => ({ code, looks: new RegExp(pattern, "iu") }));

/** @type {Record<string, () => string>} */
const SENTENCES = {
  email: () => t("This looks like an e-mail address. Leave out what points to a person."),
  phone: () => t("This looks like a telephone number. Leave out what points to a person."),
  person: () => t("Does this point to one person? Say what should change, not who."),
  accusation: () => t("This accuses a group. Say what should change, not who is bad."),
  question: () => t("This is a question. What action answers it?"),
  several: () => t("Several ideas? One idea per action is easier to group and to vote on."),
  vague: () => t("One word is short: what, for whom, by when?"),
};

/** The codes of all advice a text calls for, the weightiest first. @param {string} text @returns {string[]} */
export const codesOn = (text) => (text.trim() ? PATTERNS.filter(({ looks }) => looks.test(text)).map(({ code }) => code) : []);

/** @param {string} code */
export const adviceOf = (code) => SENTENCES[code]?.() ?? "";

/** All advice on a text as sentences. @param {string} text @returns {string[]} */
export const adviceOn = (text) => codesOn(text).map(adviceOf);
