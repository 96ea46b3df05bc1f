// What the figures of a published vote are called: the same words on the board, the console and the wall, and in their tables.

import { formatDecimal, formatNumber, t, text, tn } from "../../core/i18n.js";
import { nameOf } from "../../core/methods.js";
import { targetLabel } from "../console/labels.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

/** @param {TallyRow} row @returns {string} */
export const rowLabel = (row) => (row.words ? text(row.words) : targetLabel(row.target));

/** One digit after the point is all that five steps can carry. @param {number | null | undefined} value */
export const decimal = (value) => (value === null || value === undefined ? "–" : formatDecimal(value));

/** The figure a bar shows. Tallies of older versions hold no `value`. @param {Tally} tally @param {TallyRow} row */
export function valueOf(tally, row) {
  if (row.value !== undefined) return row.value ?? 0;
  const answers = Object.values(row.counts).reduce((sum, count) => sum + count, 0);
  return isMean(tally) ? (answers ? row.total / answers : 0) : row.total;
}

/** @param {Tally} tally */
export const isMean = (tally) => ["score_1_5", "criteria_1_5"].includes(nameOf(tally));

/** The figure with its unit. @param {Tally} tally @param {TallyRow} row */
export function valueWords(tally, row) {
  switch (nameOf(tally)) {
    case "score_1_5":
    case "criteria_1_5": return row.total ? t("%(mean)s of 5", { mean: decimal(valueOf(tally, row)) }) : t("no answer");
    case "consent": return tn("%(n)s agrees", "%(n)s agree", row.total);
    case "approval":
    case "choose": return tn("%(n)s person", "%(n)s people", row.total);
    case "quadratic": return tn("%(n)s vote", "%(n)s votes", row.total);
    default: return tn("%(n)s point", "%(n)s points", row.total);
  }
}

/** Between which places it would stand if others of the same kind had voted; empty where that says nothing. @param {TallyRow} row */
export function placesWords(row) {
  if (!row.total || !row.low || !row.high || row.low === row.high) return "";
  return t("place %(low)s to %(high)s", { low: row.low, high: row.high });
}

/** What both sides gave, where it is told. @param {Tally} tally @param {{internal: number | null, external: number | null}} row */
export function sidesWords(tally, row) {
  if (row.internal === null || row.external === null) return "";
  const said = isMean(tally) ? decimal : formatNumber;
  return t("internal %(internal)s, external %(external)s", { internal: said(row.internal), external: said(row.external) });
}

/** @type {Record<string, (row: TallyRow) => string>} */
const MARKS = {
  divergent: ({ divergence }) => t("the sides differ by %(n)s points of share", { n: Math.round(divergence ?? 0) }),
  low_agreement: () => t("opinions are far apart"),
  quick_win: () => t("quick win"),
  schulze_differs: ({ schulze }) => t("place %(n)s when compared pair by pair", { n: schulze ?? 0 }),
};

/** The marks worth a word beside the label: a dissent first. @param {TallyRow} row @returns {{id: string, words: string}[]} */
export const marksOf = (row) => (row.marks ?? []).flatMap((id) => (MARKS[id] ? [{ id, words: MARKS[id](row) }] : []));

/** @type {Record<string, () => string>} */
const QUADRANTS = {
  quick_win: () => t("Quick wins"),
  major_work: () => t("Major works"),
  small_step: () => t("Small steps"),
  not_now: () => t("Not now"),
};

/** @param {string} quadrant */
export const quadrantWords = (quadrant) => QUADRANTS[quadrant]?.() ?? "";

/** What came on paper, and what of it does not count. Tallies of older versions say nothing of it. @param {Tally} tally */
export function paperWords({ paper }) {
  if (!paper) return "";
  return [
    paper.counted ? t("%(n)s of these ballots came on paper.", { n: paper.counted }) : "",
    paper.overruled ? tn("%(n)s sheet of paper was not counted: its seat had voted on a device.", "%(n)s sheets of paper were not counted: their seats had voted on a device.", paper.overruled) : "",
    paper.unconfirmed ? tn("%(n)s sheet of paper was not counted: no second person confirmed it.", "%(n)s sheets of paper were not counted: no second person confirmed them.", paper.unconfirmed) : "",
  ].filter(Boolean).join(" ");
}

/** How the order came about, printed under a ranking. @param {Tally} tally @param {readonly TallyRow[]} rows */
export function ruleWords(tally, rows) {
  const tie = rows.some((row) => row.tied) ? t("Equal figures share a place; among equals the order is that of the list.") : "";
  const width = rows.some((row) => placesWords(row)) ? t("“Place 2 to 4”: where it would stand in 95 of 100 votes by other people of the same kind.") : "";
  const borda = nameOf(tally) === "rank" ? t("Points by Borda: the first place counts most, what is not ranked counts nothing.") : "";
  return [borda, tie, width].filter(Boolean).join(" ");
}

/** In the place of the lists when nobody voted. */
export const emptyUrn = () => t("No ballot was in the urn.");
