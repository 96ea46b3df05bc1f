/** Arithmetic of an own ballot in points: what is spent, what is left. For the meters only; the server checks the ballot. */

import { ballotOf } from "../../core/mine.js";
import { isVoting } from "../../core/rounds.js";
import { mayHere, shown } from "./follow.js";
import { ownFactors } from "./state.js";

/** @import {Round} from "../../core/records.js" */

/** @param {Round} round @returns {Record<string, any>} */
export const choicesOf = (round) => ballotOf(round)?.choices ?? {};

/** The targets of this person's ballot. @param {Round} round @param {string} [factor] */
export function targetsOf(round, factor) {
  const own = ownFactors(round);
  return (round.ballot ?? []).filter((target) => own.includes(target.factor) && (!factor || target.factor === factor));
}

/** @param {Round} round @param {string | undefined} factor undefined: the whole round */
export const spent = (round, factor) => targetsOf(round, factor).reduce((sum, { id }) => sum + (Number(choicesOf(round)[id]) || 0), 0);

/** @param {Round} round */
export const capOf = (round) => Math.min(round.cap || round.points, round.points);

/** A factor's meter, while points are being given. @param {string} factor @returns {{spent: number, points: number} | null} */
export function spentOn(factor) {
  const { round, phase } = shown.value;
  if (!round || phase !== "live" || !isVoting(round) || round.method !== "points" || round.targets === "factors") return null;
  if (!mayHere("ballot.cast", round) || !targetsOf(round, factor).length) return null;
  return { spent: spent(round, factor), points: round.points };
}
