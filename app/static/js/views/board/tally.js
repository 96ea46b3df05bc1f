/** Which vote's figures belong to a factor. */

import { isOneList } from "../../core/lists.js";
import { factors, rounds, tallies } from "../../core/records.js";

/** @import {Tally} from "../../core/records.js" */

/** @param {Tally} tally */
const order = (tally) => rounds.value.find(({ id }) => id === tally.round)?.order ?? 0;

/** The newest vote that lists a factor's own targets; without one, the newest on one list for all. @param {string} [factor] @returns {Tally | undefined} */
export function tallyOf(factor) {
  const about = (/** @type {Tally} */ tally) => isOneList(tally.rows) === !factor && (!factor || tally.rows.some((row) => row.factor === factor));
  return tallies.value.filter(about).sort((a, b) => order(b) - order(a) || b.epoch - a.epoch)[0];
}

/** The figures of the newest vote, when it was one list for all. @returns {Tally | undefined} */
export function overall() {
  const newest = factors.value.flatMap(({ id }) => tallyOf(id) ?? []);
  const tally = tallyOf();
  return tally && newest.every((other) => order(other) < order(tally)) ? tally : undefined;
}
