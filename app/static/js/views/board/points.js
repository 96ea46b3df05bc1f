/** Arithmetic of an own ballot: what is spent, what is left, what is answered. For meters and buttons only; the server checks the ballot. */

import { WHOLE } from "../../core/lists.js";
import { bucketOf, costOf, limitOf, methodOf } from "../../core/methods.js";
import { ballotOf, choose } from "../../core/mine.js";
import { isVoting } from "../../core/rounds.js";
import { mayHere, shown } from "./follow.js";
import { ownFactors } from "./state.js";

/** @import {BallotTarget, Round} from "../../core/records.js" */

/** @param {Round} round @returns {Record<string, any>} */
export const choicesOf = (round) => ballotOf(round)?.choices ?? {};

/** The targets of this person's ballot; questions belong to no factor. @param {Round} round @param {string} [factor] */
export function targetsOf(round, factor) {
  const own = ownFactors(round);
  return (round.ballot ?? []).filter((target) => (!target.factor || own.includes(target.factor)) && (!factor || target.factor === factor));
}

/** Whether there is something to spend, marks included. @param {Round} round */
export const hasBudget = (round) => (methodOf(round)?.power ?? 0) > 0;

/** @param {Round} round @param {string} bucket a factor, or the one list */
export const spent = (round, bucket) =>
  targetsOf(round).reduce((sum, target) => sum + (bucketOf(target) === bucket ? costOf(round, choicesOf(round)[target.id]) : 0), 0);

/** @param {Round} round @param {string} bucket */
export const left = (round, bucket) => limitOf(round) - spent(round, bucket);

/** The most for one target, where its way of voting has a cap. @param {Round} round */
export const capOf = (round) => Math.min((methodOf(round)?.settings.includes("cap") && round.cap) || limitOf(round), limitOf(round));

/** The buckets of this person's ballot. @param {Round} round @returns {string[]} */
export const bucketsOf = (round) => [...new Set(targetsOf(round).map(bucketOf))];

/** How many of the targets have an answer, and how many there are. @param {Round} round */
export function answered(round) {
  const all = targetsOf(round);
  const choices = choicesOf(round);
  return { n: all.filter(({ id }) => choices[id] !== undefined).length, all: all.length };
}

/** The ballot with one choice put, or taken out. @param {Round} round @param {string} id @param {any} choice undefined takes it out */
export function choiceWith(round, id, choice) {
  const { [id]: _, ...others } = choicesOf(round);
  choose(round, choice === undefined ? others : { ...others, [id]: choice });
}

/** A factor's meter, while points are being given. @param {string} factor @returns {{spent: number, points: number} | null} */
export function spentOn(factor) {
  const { round, phase } = shown.value;
  if (!round || phase !== "live" || !isVoting(round) || !hasBudget(round) || !mayHere("ballot.cast", round)) return null;
  if (factor === WHOLE || !targetsOf(round, factor).some((target) => bucketOf(target) === factor)) return null;
  return { spent: spent(round, factor), points: limitOf(round) };
}
