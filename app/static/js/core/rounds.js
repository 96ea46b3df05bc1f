/** Reading the agenda: which round is on, which comes next, what it asks of a table. Pure functions over records. */

/** @import {Round} from "./records.js" */

const BALLOT_KINDS = new Set(["vote", "assess", "prioritise"]);

/** @param {Round} round */
export const isLive = (round) => round.state === "running" || round.state === "paused";

/** @param {Round} round */
export const isWriting = (round) => round.kind === "post";

/** @param {Round} round */
export const isVoting = (round) => BALLOT_KINDS.has(round.kind) && round.method !== null;

/** Whether each action is shown by itself as soon as it has come. @param {Round} round */
export const isShownAtOnce = (round) => isWriting(round) && (round.release === "at_once" || round.release === "signed");

/** @param {Round[]} list @returns {Round[]} */
export const inOrder = (list) => [...list].sort((a, b) => a.order - b.order);

/** The round everybody is in; failing that, the one that waits for its publication. @param {Round[]} list @returns {Round | undefined} */
export const currentRound = (list) => list.find(isLive) ?? inOrder(list).reverse().find((round) => round.state === "closed");

/**
 * What is still to come, after the current round or the last that was ever started.
 * @param {Round[]} list
 * @returns {Round[]}
 */
export function nextRounds(list) {
  const ordered = inOrder(list);
  const from = currentRound(list) ?? [...ordered].reverse().find((round) => round.epoch > 0);
  return ordered.filter((round) => round.state === "planned" && (!from || round.order > from.order));
}

/**
 * The factors a person at this table works on; without a scope, all of the round's.
 * @param {Round} round
 * @param {string | null} table
 * @returns {string[]}
 */
export const factorsFor = (round, table) => (round.scope ? ((table && round.scope[table]) ?? []) : round.factors) || [];

/** Where an own text counts, and how many fit there. @param {Round} round @param {string} factor */
export const bucketOf = (round, factor) => (round.per_factor ? factor : "*");

/** @param {Round} round */
export const cardBudget = (round) => round.cards_per_person || 1;
