/** What this one page shows: the open factor, what is ticked, which talk is open. Signals only; nothing of it is sent anywhere. */

import { computed, signal } from "@preact/signals-core";
import { seatAtDesk } from "../../core/at-desk.js";
import { kept } from "../../core/keep.js";
import { factors, rounds } from "../../core/records.js";
import { factorsFor, isLive } from "../../core/rounds.js";
import { you } from "../../core/session.js";

/** @import {Round} from "../../core/records.js" */

/** The factor a person picked; null takes the first one of the own table, else the first. */
export const picked = signal(/** @type {string | null} */ (null));
/** Ids of the cards ticked for "Group" and "Move to…". */
export const ticked = signal(/** @type {ReadonlySet<string>} */ (new Set()));
/** `table/id` of what has its comments open. */
export const talks = signal(/** @type {ReadonlySet<string>} */ (new Set()));
/** The own text that is being edited. */
export const editing = signal(/** @type {string | null} */ (null));
/** Redraws what counts characters. */
export const typed = signal(0);

const keys = kept("shortcuts", true);
export const shortcuts = keys.value;
export const loadShortcuts = keys.load;
/** @param {boolean} on */
export const useShortcuts = (on) => keys.change(() => on);

/** Whether the live round has ended for this person's table while another one has longer; the head's clock looks. */
export const tableEnded = signal(false);

export const liveRound = computed(() => rounds.value.find(isLive));

/** The factors this person works on in a round. @param {Round} round */
export const ownFactors = (round) => factorsFor(round, seatAtDesk.value?.table ?? you.value.table);

export const openFactor = computed(() => {
  const own = liveRound.value ? ownFactors(liveRound.value) : [];
  const list = factors.value;
  return list.find(({ id }) => id === picked.value) ?? list.find(({ id }) => own.includes(id)) ?? list[0];
});

/** @param {ReadonlySet<string>} set @param {string} id @returns {ReadonlySet<string>} */
export function toggled(set, id) {
  const after = new Set(set);
  if (!after.delete(id)) after.add(id);
  return after;
}
