/** The own ballot of a voting round: kept at once, cast whole a moment after the last change, one cast at a time. */

import { mintId } from "./ids.js";
import { change, changeBallot, mine, nameOf } from "./own.js";
import { isWaiting, submit } from "./session.js";

/** @import {OwnBallot} from "./own.js" */
/** @import {Round} from "./records.js" */
/** @import {Answer, Op} from "./outbox.js" */

const CAST_AFTER_MS = 1200;

/** @param {Round} round @returns {OwnBallot | undefined} */
export const ballotOf = (round) => mine.value.ballots[nameOf(round)];

let casting = 0;

/** Call whenever something of mine has changed: what is not cast yet is cast a moment later, by the tab that is looked at. */
export function castSoon() {
  if (!Object.values(mine.value.ballots).some(isDue)) return;
  clearTimeout(casting);
  casting = setTimeout(() => document.hidden || castAll(), CAST_AFTER_MS);
}

/** @param {OwnBallot} ballot */
const isDue = (ballot) => ballot.changed && !ballot.sending && !ballot.newest;

/**
 * The whole ballot as it is now. Kept at once, cast a moment after the last change.
 * @param {Round} round
 * @param {Record<string, any>} choices
 */
export function choose(round, choices) {
  const name = nameOf(round);
  /** @type {OwnBallot} */
  const blank = { round: round.id, epoch: round.epoch, key: round.key, choices: {}, revision: 0, sending: null, changed: true, inUrn: false, code: "", newest: 0 };
  void change((before) => ({ ...before, ballots: { ...before.ballots, [name]: { ...blank, ...before.ballots[name], choices, changed: true, code: "" } } }));
}

/** Casts every ballot that has changed; one at a time each, the newest choices win. */
export function castAll() {
  clearTimeout(casting);
  for (const [name, ballot] of Object.entries(mine.value.ballots)) if (isDue(ballot)) void cast(name, ballot);
}

/** @param {string} name @param {OwnBallot} ballot */
async function cast(name, { round, epoch, choices, revision, newest }) {
  const id = mintId();
  const next = Math.max(revision, newest) + 1;
  await changeBallot(name, (before) => ({ ...before, revision: next, newest: 0, sending: id, changed: false }));
  return submit("ballot.cast", { round, epoch, revision: next, choices }, { id });
}

/** The ballot of this device takes the place of the other device's. @param {Round} round */
export function replaceOther(round) {
  const ballot = ballotOf(round);
  return ballot && cast(nameOf(round), ballot);
}

/** @param {Op} op @param {Answer} answer */
export function heardBallot(op, answer) {
  if (op.kind !== "ballot.cast") return;
  const name = `${op.payload["round"]}:${op.payload["epoch"]}`;
  const code = "code" in answer ? answer.code : "";
  const newest = "code" in answer ? Number(answer.data["revision"] ?? 0) : 0;
  void changeBallot(name, (before) => ({ ...before, sending: null, code, newest, inUrn: before.inUrn || !code }));
}

/** What an earlier page was casting when it died is cast again. */
export function recoverBallots() {
  for (const [name, ballot] of Object.entries(mine.value.ballots)) {
    if (ballot.sending && !isWaiting(ballot.sending)) void changeBallot(name, (before) => ({ ...before, sending: null, changed: true }));
  }
}

/** @param {Map<string, Round>} known */
export function followBallots(known) {
  for (const [name, ballot] of Object.entries(mine.peek().ballots)) followBallot(name, ballot, known.get(ballot.round));
}

/** @param {string} name @param {OwnBallot} ballot @param {Round | undefined} round */
function followBallot(name, ballot, round) {
  if (!round) return;
  if (round.epoch !== ballot.epoch || ["published", "void", "planned"].includes(round.state)) return void forgetBallot(name);
  if (round.key > ballot.key) void changeBallot(name, (before) => ({ ...before, key: round.key, changed: true, inUrn: false }));
}

/** @param {string} name */
const forgetBallot = (name) => change(({ ballots: { [name]: _, ...others }, ...before }) => ({ ...before, ballots: others }));
