/** A text before it is sent: how long it is, and what it had better not hold. Advice only; the server decides. */

import { ADVICE } from "../../contract.js";
import { t } from "../../core/i18n.js";

/** @type {Record<string, () => string>} */
const WARNINGS = {
  email: () => t("This looks like an e-mail address. Leave out what points to a person."),
  phone: () => t("This looks like a telephone number. Leave out what points to a person."),
  person: () => t("This may point to a person. Say what should be done, not who is to blame."),
  accusation: () => t("This accuses. Say what should change, and everybody can support it."),
  question: () => t("This is a question. Turn it into an action: a verb and an object."),
  several: () => t("These may be several actions. One action on a card can be voted on."),
};

/** Code points after normalisation, as the server counts. @param {string} text */
export const lengthOf = (text) => [...text.normalize("NFC").trim()].length;

/** @param {string} text @param {string} code */
const matches = (text, code) => ADVICE.some((advice) => advice.code === code && new RegExp(advice.pattern, "i").test(text));

/** While it is written. @param {string} text @returns {string} a warning, or "" */
export const warningAbout = (text) => (text.trim() && WARNINGS[Object.keys(WARNINGS).find((code) => matches(text, code)) ?? ""]?.()) || "";

/** Once it is sealed: every text is one word at first. @param {string} text @returns {string} */
export const adviceOn = (text) => (matches(text, "vague") ? t("Sealed. One word is hard to vote on: you can edit it and say who does what.") : "");
