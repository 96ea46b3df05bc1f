/**
 * What is mine: the sealed texts and the ballot of this seat. Only this browser knows; the server never gives them back. Forgotten
 * when the round is published.
 */

import { effect, untracked } from "@preact/signals-core";
import { keepLate } from "./drafts.js";
import { fromHex, mintId, mintSecret } from "./ids.js";
import { kept } from "./keep.js";
import { board, rounds } from "./records.js";
import { bucketOf, cardBudget, isLive, isVoting } from "./rounds.js";
import { isWaiting, loaded, onAnswer, submit } from "./session.js";
import { sha256 } from "./sha256.js";

/** @import {CommentTarget, Round} from "./records.js" */
/** @import {Answer, Op} from "./outbox.js" */

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

const CAST_AFTER_MS = 1200;
const COMMENTS_PER_ROUND = 10;

const store = kept("mine", /** @type {Mine} */ ({ texts: [], ballots: {}, used: {}, seed: "" }));
export const mine = store.value;

/** @param {string} id @param {(text: OwnText) => OwnText | null} step null forgets it */
const changeText = (id, step) =>
  store.change((before) => ({ ...before, texts: before.texts.flatMap((text) => (text.id === id ? (step(text) ?? []) : [text])) }));

/** @param {string} name @param {(ballot: OwnBallot) => OwnBallot} step */
const changeBallot = (name, step) =>
  store.change((before) => {
    const found = before.ballots[name];
    return found ? { ...before, ballots: { ...before.ballots, [name]: step(found) } } : before;
  });

/** @param {{id: string, epoch: number}} round */
const nameOf = (round) => `${round.id}:${round.epoch}`;

/** Loads what earlier pages kept, sends again what never reached the outbox, and follows the rounds. Before the link is opened. */
export async function startMine() {
  onAnswer(heard);
  await Promise.all([store.load(), loaded]);
  const seed = mintId();
  if (!mine.value.seed) await store.change((before) => ({ ...before, seed: before.seed || seed }));
  recover();
  effect(() => {
    const list = rounds.value;
    if (board.value) untracked(() => follow(list));
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? castAll() : void store.load()));
  addEventListener("pagehide", castAll);
}

/** An earlier page may have died between keeping something and filling the outbox: the same operation goes on its way again. */
function recover() {
  for (const own of mine.value.texts) if (own.sending && !isWaiting(own.sending)) void resume(own, own.sending);
  for (const [name, ballot] of Object.entries(mine.value.ballots)) {
    if (ballot.sending && !isWaiting(ballot.sending)) void changeBallot(name, (before) => ({ ...before, sending: null, changed: true }));
  }
}

/** @param {OwnText} own @param {string} id */
function resume(own, id) {
  if (own.revision === 1) return sendPost(own);
  const about = { round: own.round, epoch: own.epoch, secret: own.secret, revision: own.revision };
  return own.withdrawn ? submit("card.withdraw", about, { id }) : submit("card.edit", { ...about, text: own.text }, { id });
}

// ---- texts

/** @param {Round} round @param {string} factor @returns {OwnText[]} the actions of this round that are not withdrawn */
export const ownCards = (round, factor) =>
  mine.value.texts.filter((text) => !text.target && !text.withdrawn && isOf(text, round) && text.factor === factor);

/** @param {CommentTarget} target */
export const ownComments = (target) =>
  mine.value.texts.filter((text) => text.target?.table === target.table && text.target.id === target.id && !text.withdrawn);

/** @param {{round: string, epoch: number}} own @param {Round} round */
const isOf = (own, round) => own.round === round.id && own.epoch === round.epoch;

/** How many more actions fit. @param {Round} round @param {string} factor */
export function cardsLeft(round, factor) {
  const bucket = bucketOf(round, factor);
  const inside = mine.value.texts.filter((text) => !text.target && isOf(text, round) && bucketOf(round, text.factor) === bucket);
  return Math.max(0, cardBudget(round) - inside.length - (mine.value.used[`${nameOf(round)}:${bucket}`] ?? 0));
}

/** @param {Round} round */
export function commentsLeft(round) {
  const inside = mine.value.texts.filter((text) => text.target && isOf(text, round));
  return Math.max(0, COMMENTS_PER_ROUND - inside.length - (mine.value.used[`${nameOf(round)}:comments`] ?? 0));
}

/**
 * Seals an action, or an unnamed comment when there is a target.
 * @param {Round} round
 * @param {string} factor
 * @param {string} text
 * @param {CommentTarget | null} [target]
 */
export async function post(round, factor, text, target = null) {
  const id = mintId();
  /** @type {OwnText} */
  const own = { id, round: round.id, epoch: round.epoch, key: round.key, released: round.released, factor, target, text, secret: mintSecret(), revision: 1, sending: id, sealed: null, withdrawn: false };
  await store.change((before) => ({ ...before, texts: [...before.texts, own] }));
  return sendPost(own);
}

/** @param {OwnText} own */
function sendPost({ id, round, epoch, factor, target, text, secret }) {
  const secret_hash = sha256(fromHex(secret));
  const what = target ? { target } : { factor };
  return submit(target ? "comment.post" : "card.post", { round, epoch, ...what, text, secret_hash }, { id });
}

/** @param {OwnText} own @param {string} text */
export async function edit(own, text) {
  const id = mintId();
  const revision = own.revision + 1;
  await changeText(own.id, (before) => ({ ...before, text, revision, sending: id }));
  return submit("card.edit", { round: own.round, epoch: own.epoch, secret: own.secret, revision, text }, following(own, id));
}

/** @param {OwnText} own */
export async function withdraw(own) {
  const id = mintId();
  const revision = own.revision + 1;
  await changeText(own.id, (before) => ({ ...before, withdrawn: true, revision, sending: id }));
  return submit("card.withdraw", { round: own.round, epoch: own.epoch, secret: own.secret, revision }, following(own, id));
}

/** An operation about a text waits for the one before. @param {OwnText} own @param {string} id */
const following = (own, id) => (own.sending ? { id, after: own.sending } : { id });

// ---- ballots

/** @param {Round} round @returns {OwnBallot | undefined} */
export const ballotOf = (round) => mine.value.ballots[nameOf(round)];

let casting = 0;

/**
 * The whole ballot as it is now. Kept at once, cast a moment after the last change.
 * @param {Round} round
 * @param {Record<string, any>} choices
 */
export function choose(round, choices) {
  const name = nameOf(round);
  /** @type {OwnBallot} */
  const blank = { round: round.id, epoch: round.epoch, key: round.key, choices: {}, revision: 0, sending: null, changed: true, inUrn: false, code: "", newest: 0 };
  void store.change((before) => ({ ...before, ballots: { ...before.ballots, [name]: { ...blank, ...before.ballots[name], choices, changed: true, code: "" } } }));
  clearTimeout(casting);
  casting = setTimeout(castAll, CAST_AFTER_MS);
}

/** Casts every ballot that has changed; one at a time each, the newest choices win. */
function castAll() {
  clearTimeout(casting);
  for (const [name, ballot] of Object.entries(mine.value.ballots)) if (ballot.changed && !ballot.sending && !ballot.newest) void cast(name, ballot);
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

// ---- answers

/** @param {Op} op @param {Answer} answer */
function heard(op, answer) {
  if (op.kind === "ballot.cast") heardBallot(op, answer);
  const own = mine.value.texts.find((text) => text.sending === op.id || text.id === op.id);
  if (!own) return;
  if (op.kind.endsWith(".post")) heardPost(own, op, answer);
  if (op.kind === "card.edit") heardEdit(own, op, answer);
  if (op.kind === "card.withdraw") void changeText(own.id, (before) => ("code" in answer && answer.code !== "gone" ? { ...before, withdrawn: false, sending: null } : null));
}

/** @param {OwnText} own @param {Op} op @param {Answer} answer */
function heardPost(own, op, answer) {
  if ("code" in answer) {
    // A refused comment goes back into its box; that is its view's affair.
    if (!own.withdrawn && !own.target) void keepLate({ text: own.text, factor: own.factor, target: own.target, why: answer.code });
    return void changeText(own.id, () => null);
  }
  const released = rounds.value.find(({ id }) => id === own.round)?.released ?? 0;
  void changeText(own.id, (before) => ({ ...before, released, sealed: op.payload["text"], sending: done(before, op) }));
}

/** An edit that was refused leaves in the urn what was there, and the new words here. @param {OwnText} own @param {Op} op @param {Answer} answer */
function heardEdit(own, op, answer) {
  if (!("code" in answer)) {
    void changeText(own.id, (before) => ({ ...before, sealed: op.payload["text"], sending: done(before, op) }));
    return;
  }
  void keepLate({ text: op.payload["text"], factor: own.factor, target: null, why: answer.code });
  void changeText(own.id, (before) => ({ ...before, text: before.sealed ?? before.text, sending: done(before, op) }));
}

/** @param {OwnText} text @param {Op} op */
const done = (text, op) => (text.sending === op.id ? null : text.sending);

/** @param {Op} op @param {Answer} answer */
function heardBallot(op, answer) {
  const name = `${op.payload["round"]}:${op.payload["epoch"]}`;
  const code = "code" in answer ? answer.code : "";
  const newest = "code" in answer ? Number(answer.data["revision"] ?? 0) : 0;
  void changeBallot(name, (before) => ({ ...before, sending: null, code, newest, inUrn: before.inUrn || !code }));
  if (mine.value.ballots[name]?.changed) castAll();
}

// ---- the rounds go on

/** @param {Round[]} list */
function follow(list) {
  const before = mine.peek();
  const known = new Map(list.map((round) => [round.id, round]));
  for (const own of before.texts) followText(own, known.get(own.round));
  for (const [name, ballot] of Object.entries(before.ballots)) followBallot(name, ballot, known.get(ballot.round));
}

/** @param {OwnText} own @param {Round | undefined} round */
function followText(own, round) {
  if (!round || own.sending) return;
  if (round.epoch !== own.epoch || round.state === "published") return void changeText(own.id, () => null);
  if (round.state === "void" || round.state === "planned") {
    void keepLate({ text: own.text, factor: own.factor, target: own.target, why: "void" });
    return void changeText(own.id, () => null);
  }
  if (round.released > own.released) return void spend(own, round);
  if (round.key > own.key) return void reclaim(own, round);
}

/** A batch has taken it out of the urn: it stands among the others, and nobody can tell it is mine, not even this page. @param {OwnText} own @param {Round} round */
function spend(own, round) {
  const slot = `${nameOf(round)}:${own.target ? "comments" : bucketOf(round, own.factor)}`;
  return store.change((before) => ({
    ...before,
    used: before.texts.some(({ id }) => id === own.id) ? { ...before.used, [slot]: (before.used[slot] ?? 0) + 1 } : before.used,
    texts: before.texts.filter(({ id }) => id !== own.id),
  }));
}

/** The urn lost its key in a power cut: the secret shows that the text is this seat's. @param {OwnText} own @param {Round} round */
async function reclaim(own, round) {
  await changeText(own.id, (before) => ({ ...before, key: round.key }));
  if (!own.target) await submit("card.claim", { round: own.round, epoch: own.epoch, factor: own.factor, secret: own.secret });
}

/** @param {string} name @param {OwnBallot} ballot @param {Round | undefined} round */
function followBallot(name, ballot, round) {
  if (!round) return;
  if (round.epoch !== ballot.epoch || ["published", "void", "planned"].includes(round.state)) return void forgetBallot(name);
  if (round.key > ballot.key) void changeBallot(name, (before) => ({ ...before, key: round.key, changed: true, inUrn: false }));
  if (isLive(round) && isVoting(round)) castAll();
}

/** @param {string} name */
const forgetBallot = (name) => store.change(({ ballots: { [name]: _, ...others }, ...before }) => ({ ...before, ballots: others }));
