/** What the parts of an action sheet are called: on its page, the wall and the board. */

import { SHEET_DAYS, SHEET_FIELDS } from "../../contract-later.js";
import { formatDay, t, text } from "../../core/i18n.js";
import { board, factorOf, tables } from "../../core/records.js";

/** @import {Sheet, Status} from "../../core/records.js" */

/** The filled fields of a sheet, in the order of its form: what is read out. @param {Sheet} sheet @returns {string[]} */
export const planOf = (sheet) => (sheet.disposition ? SHEET_FIELDS[sheet.disposition] : []).filter((field) => /** @type {any} */ (sheet)[field]);

/** @type {Record<string, () => string>} */
const DISPOSITION_WORDS = { deepen: () => t("Deepen"), implement: () => t("Implement"), park: () => t("Park") };

/** @param {string | null} disposition */
export const dispositionWords = (disposition) => (disposition ? (DISPOSITION_WORDS[disposition]?.() ?? "") : t("To be decided"));

/** @type {Record<string, () => string>} */
const FIELD_WORDS = {
  title: () => t("Action"),
  question: () => t("What must be found out"),
  lead: () => t("Who leads"),
  support: () => t("Who helps"),
  partner: () => t("External partner"),
  first_step: () => t("First step"),
  start: () => t("Begins on"),
  deadline: () => t("By when"),
  indicator: () => t("Indicator"),
  baseline: () => t("Where it stands today"),
  target: () => t("Target"),
  means: () => t("Means"),
  risk: () => t("Risk"),
  reason: () => t("Why it is parked"),
};

/** What is not a field of the form but can differ from a version. @type {Record<string, () => string>} */
const PLACE_WORDS = { disposition: () => t("What becomes of it?"), factor: () => t("Main factor"), others: () => t("It also serves"), axis: () => t("Strategy axis"), table: () => t("Filled by") };

/** What a field of a sheet says, as people read it. @param {string} field @param {any} value @returns {string} */
export function said(field, value) {
  if (field === "disposition") return dispositionWords(value);
  if (field === "factor") return factorWords(value);
  if (field === "others") return value.map(factorWords).join(" · ");
  if (field === "axis") return axisWords(value);
  if (field === "table") return tableWords(value);
  return SHEET_DAYS.includes(field) ? formatDay(value) : value;
}

/** @type {Record<string, () => string>} */
const HORIZON_WORDS = { short: () => t("short term"), medium: () => t("medium term"), long: () => t("long term") };

/** @param {string | null | undefined} horizon */
export const horizonWords = (horizon) => (horizon ? (HORIZON_WORDS[horizon]?.() ?? "") : "");

/** @type {Record<string, () => string>} */
const STATUS_WORDS = { not_begun: () => t("Not begun"), under_way: () => t("Under way"), done: () => t("Carried out"), dropped: () => t("Given up") };

/** @param {Status | null | undefined} status */
export const statusWords = (status) => (status ? (STATUS_WORDS[status]?.() ?? "") : t("No report yet"));

/** @param {string} field */
export const fieldWords = (field) => (FIELD_WORDS[field] ?? PLACE_WORDS[field])?.() ?? field;

/** @param {string | null} id */
export const axisWords = (id) => text(board.value?.axes?.find((axis) => axis.id === id)?.name) || t("none");

/** @param {string} id */
export const factorWords = (id) => {
  const factor = factorOf(id);
  return factor ? `${factor.number}. ${text(factor.title)}` : "";
};

/** @param {string | null} id */
export const tableWords = (id) => text(tables.value.find((table) => table.id === id)?.name) || t("no table");
