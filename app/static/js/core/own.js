/** What this browser keeps of one seat's own sealed texts and ballots: the shapes, and the one place where they change. */

import { kept } from "./keep.js";

/** @import {CommentTarget} from "./records.js" */

/**
 * A text in an urn or on its way there. `sending` is the last operation about it while that has no answer; `sealed` the text that
 * the urn confirmed.
 * @typedef {object} OwnText
 * @property {string} id the id of the operation that posted it
 * @property {string} round
 * @property {number} epoch
 * @property {number} key of the round when it was written: another one means that the urn lost its key
 * @property {number} released how many batches had left the urn when it was confirmed
 * @property {string} factor
 * @property {CommentTarget | null} target null for an action
 * @property {string} text
 * @property {string} secret
 * @property {number} revision
 * @property {string | null} sending
 * @property {string | null} sealed
 * @property {boolean} withdrawn
 * @property {boolean} [signed] sent with one's name
 * @property {string} [seat] the mark of the seat that it was entered for, at a scribe's desk
 */

/**
 * @typedef {object} OwnBallot
 * @property {string} round
 * @property {number} epoch
 * @property {number} key
 * @property {Record<string, any>} choices
 * @property {number} revision
 * @property {string | null} sending
 * @property {boolean} changed since the last cast
 * @property {boolean} inUrn
 * @property {string} code of the last refusal
 * @property {number} newest the revision another device of this seat has cast
 */

/** @typedef {{texts: OwnText[], ballots: Record<string, OwnBallot>, used: Record<string, number>, seed: string}} Mine */

const store = kept("mine", /** @type {Mine} */ ({ texts: [], ballots: {}, used: {}, seed: "" }));
export const mine = store.value;
export const { load, change } = store;

/** @param {string} id @param {(text: OwnText) => OwnText | null} step null forgets it */
export const changeText = (id, step) =>
  change((before) => ({ ...before, texts: before.texts.flatMap((text) => (text.id === id ? (step(text) ?? []) : [text])) }));

/** @param {string} name @param {(ballot: OwnBallot) => OwnBallot} step */
export const changeBallot = (name, step) =>
  change((before) => {
    const found = before.ballots[name];
    return found ? { ...before, ballots: { ...before.ballots, [name]: step(found) } } : before;
  });

/** @param {{id: string, epoch: number}} round */
export const nameOf = (round) => `${round.id}:${round.epoch}`;
