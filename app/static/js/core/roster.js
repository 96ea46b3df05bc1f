/**
 * How many seats take part in a round, in words, for everybody: a seat that is nobody's makes the others easier to tell apart. The
 * number stands still from the round's beginning; seats that came since, or since the rounds before, are told as numbers, never who.
 */

import { tn } from "./i18n.js";
import { rounds } from "./records.js";
import { isVoting, isWriting } from "./rounds.js";
import { presence } from "./session.js";

/** @import {Round} from "./records.js" */

const UNDER_WAY = ["running", "paused", "closed"];

/** Beside a round that is under way. @param {Round | undefined} round @returns {string[]} */
export function rosterWords(round) {
  if (!round?.roster || !UNDER_WAY.includes(round.state)) return [];
  const asked = isWriting(round) || isVoting(round);
  const words = asked ? [tn("%(n)s seat in the round", "%(n)s seats in the round", round.roster), ...moreThanBefore(round)] : [];
  const added = addedSince(round);
  return added > 0 ? [...words, tn("%(n)s seat was added since it began", "%(n)s seats were added since it began", added)] : words;
}

/** Between two rounds: beside none. @returns {string[]} */
export function restWords() {
  const added = addedSince([...rounds.value].reverse().find(({ state, epoch }) => state === "published" && epoch > 0));
  return added > 0 ? [tn("%(n)s seat was added since the last round began", "%(n)s seats were added since the last round began", added)] : [];
}

/** @param {Round | undefined} round */
const addedSince = (round) => (presence.value.seats ?? 0) - (round?.roster ?? Infinity);

/** @param {Round} round */
function moreThanBefore(round) {
  const before = rounds.value.filter(({ id, roster, epoch }) => id !== round.id && roster && epoch > 0).map(({ roster }) => roster ?? 0);
  const more = (round.roster ?? 0) - Math.max(...before);
  return before.length && more > 0 ? [tn("%(n)s more than in the rounds before", "%(n)s more than in the rounds before", more)] : [];
}
