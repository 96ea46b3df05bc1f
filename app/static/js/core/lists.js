/** Whether what a vote is about stands in one list, or in one for each factor. */

/** @import {BallotTarget, TallyRow} from "./records.js" */

/** The bucket of what is one list, whatever factors its targets belong to. */
export const WHOLE = "*";

/** Whether all targets stand in one list. Tallies of older versions know no buckets. @param {readonly (BallotTarget | TallyRow)[]} targets */
export const isOneList = (targets) =>
  targets.length > 0 && targets.every((target) => (target.bucket ? target.bucket === WHOLE : ("target" in target ? target.target : target.id) === target.factor));
