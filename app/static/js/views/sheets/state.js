/** The sheets' desk: which sheet lies open, what the person may do with it, and the words for its parts. */

import { signal } from "@preact/signals-core";
import { t, text } from "../../core/i18n.js";
import { factorOf, tables } from "../../core/records.js";
import { may, you } from "../../core/session.js";

/** @import {Sheet} from "../../core/records.js" */

const fromAddress = () => decodeURIComponent(location.hash.slice(1));

/** The id of the open sheet; "" for the list, "coverage" for the grid. It stands in the address, so that the way back works. */
export const open = signal(fromAddress());
addEventListener("hashchange", () => (open.value = fromAddress()));

/** @param {string} id */
export function show(id) {
  location.hash = encodeURIComponent(id);
  open.value = id;
}

/** Whether this person may write on a sheet now. @param {Sheet} sheet */
export const mayFill = (sheet) => sheet.state === "draft" && may("sheet.fill") && (you.value.role !== "scribe" || sheet.table === you.value.table);

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
  first_step: () => t("First step"),
  deadline: () => t("By when"),
  indicator: () => t("Indicator"),
  baseline: () => t("Where it stands today"),
  target: () => t("Target"),
  means: () => t("Means"),
  risk: () => t("Risk"),
  reason: () => t("Why it is parked"),
};

/** @param {string} field */
export const fieldWords = (field) => FIELD_WORDS[field]?.() ?? field;

/** @param {string} id */
export const factorWords = (id) => {
  const factor = factorOf(id);
  return factor ? `${factor.number}. ${text(factor.title)}` : "";
};

/** @param {string | null} id */
export const tableWords = (id) => text(tables.value.find((table) => table.id === id)?.name) || t("no table");
