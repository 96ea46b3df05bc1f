// The agenda as the facilitator walks it: days, what is over, what follows, what a close still leaves to do. Pure, over records.

import { currentRound, inOrder, isVoting, isWriting } from "../../core/rounds.js";

/** @import {Round} from "../../core/records.js" */

/** @param {Round} round */
export const isOver = (round) => round.state === "published" || round.state === "skipped" || round.state === "void";

/**
 * True when closing leaves something to open: texts to review or ballots to count.
 * @param {Round} round
 */
export const hasReview = (round) => isVoting(round) || (isWriting(round) && round.release !== "batched" && round.review);

/**
 * Closing such a round opens its urn at once: there is no step to come back from.
 * @param {Round} round
 */
export const closesForGood = (round) => isWriting(round) && !hasReview(round);

/**
 * The agenda cut into days, both in order.
 * @param {Round[]} rounds
 * @returns {{day: number, rounds: Round[]}[]}
 */
export function byDay(rounds) {
  /** @type {Map<number, Round[]>} */
  const days = new Map();
  for (const round of inOrder(rounds)) days.set(round.day, [...(days.get(round.day) ?? []), round]);
  return [...days].map(([day, list]) => ({ day, rounds: list }));
}

/**
 * The planned round that follows: after the given one, else after the last that was ever started, else the first.
 * @param {Round[]} rounds
 * @param {Round} [after]
 * @returns {Round | undefined}
 */
export function nextRound(rounds, after) {
  const list = inOrder(rounds);
  const from = after ?? currentRound(list) ?? [...list].reverse().find((round) => round.epoch > 0);
  return list.find((round) => round.state === "planned" && (!from || round.order > from.order));
}

/**
 * The round a person who opens the page wants to see first.
 * @param {Round[]} rounds
 * @returns {Round | undefined}
 */
export const openingRound = (rounds) => currentRound(rounds) ?? nextRound(rounds) ?? inOrder(rounds).pop();
