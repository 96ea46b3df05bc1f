/** What a round says of its vote, read with the contract: budgets and limits, for meters and buttons. The server checks the ballot. */

import { CRITERIA, METHODS } from "../contract.js";

/** @import {BallotTarget, Round, TallyRow} from "./records.js" */
/** @typedef {{settings: string[], scope: string, power: number, limit: number}} Method */

const methods = /** @type {Record<string, Method>} */ (METHODS);

/** "points" of "points:round". @param {{method: string | null}} vote */
export const nameOf = (vote) => (vote.method ?? "").split(":")[0] ?? "";

/** @param {{method: string | null}} vote @returns {Method | undefined} */
export const methodOf = (vote) => methods[nameOf(vote)];

/** @param {{method: string | null}} vote @returns {string[]} */
export function criteriaOf(vote) {
  const written = (vote.method ?? "").split(":")[1];
  return written ? written.split("+") : CRITERIA;
}

/** What there is to spend on one list. @param {Round} round */
export const limitOf = (round) => methodOf(round)?.limit || round.points;

/** What one choice takes of it; a mark counts as one. @param {Round} round @param {any} choice */
export const costOf = (round, choice) => Number(choice ?? 0) ** (methodOf(round)?.power ?? 1);

/** @param {BallotTarget | TallyRow} target */
export const bucketOf = (target) => target.bucket ?? target.factor;

/** The lists of a tally, each in the order of its places. @param {readonly TallyRow[]} rows @returns {Map<string, TallyRow[]>} */
export function groupByBucket(rows) {
  /** @type {Map<string, TallyRow[]>} */
  const groups = new Map();
  for (const row of rows) groups.set(bucketOf(row), [...(groups.get(bucketOf(row)) ?? []), row]);
  for (const group of groups.values()) group.sort((a, b) => a.rank - b.rank);
  return groups;
}
