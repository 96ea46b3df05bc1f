/** Shows of hands at the tables: not secret, and no part of any tally. Read where results are; no first screen needs them. */

import { computed } from "@preact/signals-core";
import { replica, revision } from "./session.js";

/** @typedef {{id: string, rev: number, round: string, epoch: number, table: string, present: number, counts: Record<string, number>}} Handcount */

const all = computed(() => {
  void revision.value;
  return /** @type {Handcount[]} */ (/** @type {unknown} */ (replica.all("handcounts")));
});

/** Those of one vote, in the order of the tables. @param {{round: string, epoch: number}} vote */
export const handcountsOf = ({ round, epoch }) => all.value.filter((one) => one.round === round && one.epoch === epoch).sort((a, b) => (a.table < b.table ? -1 : 1));
