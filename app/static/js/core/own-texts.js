/** Own sealed texts: posted, edited and withdrawn; confirmed or refused; forgotten when their round is published. */

import { seatMark } from "./at-desk.js";
import { keepLate } from "./drafts.js";
import { fromHex, mintId, mintSecret } from "./ids.js";
import { change, changeText, mine, nameOf } from "./own.js";
import { cards, comments, rounds } from "./records.js";
import { bucketOf, cardBudget, isLive, isShownAtOnce } from "./rounds.js";
import { isWaiting, submit } from "./session.js";
import { sha256 } from "./sha256.js";

/** @import {OwnText} from "./own.js" */
/** @import {CommentTarget, Round} from "./records.js" */
/** @import {Answer, Op} from "./outbox.js" */

const COMMENTS_PER_ROUND = 10;

/** @param {Round} round @param {string} factor @returns {OwnText[]} the actions of this round that are not withdrawn */
export const ownCards = (round, factor) =>
  mine.value.texts.filter((text) => !text.target && !text.withdrawn && isOf(text, round) && text.factor === factor && isHis(text));

/** @param {CommentTarget} target */
export const ownComments = (target) =>
  mine.value.texts.filter((text) => text.target?.table === target.table && text.target.id === target.id && !text.withdrawn);

/** Of the seat in front of the desk; on one's own page, one's own. @param {{seat?: string}} own */
const isHis = (own) => (own.seat ?? "") === seatMark.value;

/** @param {{round: string, epoch: number}} own @param {Round} round */
const isOf = (own, round) => own.round === round.id && own.epoch === round.epoch;

/** How many more actions fit. @param {Round} round @param {string} factor */
export function cardsLeft(round, factor) {
  const bucket = bucketOf(round, factor);
  const inside = mine.value.texts.filter((text) => !text.target && isOf(text, round) && isHis(text) && bucketOf(round, text.factor) === bucket);
  return Math.max(0, cardBudget(round) - inside.length - (mine.value.used[slotOf(round, bucket, seatMark.value)] ?? 0));
}

/** @param {Round} round @param {string} bucket @param {string} [seat] */
const slotOf = (round, bucket, seat) => `${nameOf(round)}:${bucket}${seat ? `:${seat}` : ""}`;

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
 * @param {boolean} [signed] with one's name, where the round says so
 * @param {string} [seat] the mark of whom a desk enters it for
 */
export async function post(round, factor, text, target = null, signed = false, seat = seatMark.value) {
  const id = mintId();
  /** @type {OwnText} */
  const own = { id, round: round.id, epoch: round.epoch, key: round.key, released: round.released, factor, target, text, secret: mintSecret(), revision: 1, sending: id, sealed: null, withdrawn: false, ...(signed ? { signed } : {}), ...(seat ? { seat } : {}) };
  await change((before) => ({ ...before, texts: [...before.texts, own] }));
  return sendPost(own);
}

/** @param {OwnText} own */
function sendPost({ id, round, epoch, factor, target, text, secret, signed, seat }) {
  const secret_hash = sha256(fromHex(secret));
  const what = target ? { target } : signed ? { factor, signed } : { factor };
  if (seat) return submit("card.enter", { round, epoch, ...what, text, secret_hash, seat }, { id });
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

/** An operation about a text waits for the one before: for its post, even if that is another tab's. @param {OwnText} own @param {string} id */
const following = (own, id) => ({ id, after: own.sealed === null ? own.id : own.sending && own.sending !== id ? own.sending : undefined });

/** @param {Op} op @param {Answer} answer */
export function heardText(op, answer) {
  const own = mine.value.texts.find((text) => text.sending === op.id || text.id === op.id);
  if (!own) return;
  if ((op.kind.endsWith(".post") || op.kind === "card.enter")) heardPost(own, op, answer);
  if (op.kind === "card.edit") heardEdit(own, op, answer);
  if (op.kind === "card.withdraw") void changeText(own.id, (before) => ("code" in answer && answer.code !== "gone" ? { ...before, withdrawn: false, sending: null } : null));
}

/** @param {OwnText} own */
const seatOf = ({ seat }) => (seat ? { seat } : {});

/** @param {OwnText} own @param {Op} op @param {Answer} answer */
function heardPost(own, op, answer) {
  if ("code" in answer) {
    // A refused comment goes back into its box; that is its view's affair.
    if (!own.withdrawn && !own.target) void keepLate({ text: own.text, factor: own.factor, target: own.target, why: answer.code, ...seatOf(own) });
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
  void keepLate({ text: op.payload["text"], factor: own.factor, target: null, why: answer.code, ...seatOf(own) });
  void changeText(own.id, (before) => (answer.code === "gone" && before.sending === op.id ? null : { ...before, text: before.sealed ?? before.text, sending: done(before, op) }));
}

/** @param {OwnText} text @param {Op} op */
const done = (text, op) => (text.sending === op.id ? null : text.sending);

/** What an earlier page kept and died before the outbox had it goes on its way again, with its id. */
export function recoverTexts() {
  for (const { id } of mine.value.texts.filter(isOrphan)) void changeText(id, (before) => ({ ...before, sealed: before.text }));
  for (const own of mine.value.texts) if (own.sending && !isWaiting(own.sending)) void resume(own, own.sending);
}

/** Its post is nowhere any more, and what came after waits for it: the urn will tell whether it has the text. @param {OwnText} own */
const isOrphan = (own) => own.sealed === null && own.revision > 1 && !isWaiting(own.id);

/** @param {OwnText} own @param {string} id */
function resume(own, id) {
  if (own.revision === 1) return sendPost(own);
  const about = { round: own.round, epoch: own.epoch, secret: own.secret, revision: own.revision };
  return own.withdrawn ? submit("card.withdraw", about, following(own, id)) : submit("card.edit", { ...about, text: own.text }, following(own, id));
}

/** @param {Map<string, Round>} known */
export function followTexts(known) {
  for (const own of mine.peek().texts) followText(own, known.get(own.round));
}

/** @param {OwnText} own @param {Round | undefined} round */
function followText(own, round) {
  if (!round || own.sending) return;
  const isOver = round.epoch !== own.epoch;
  const why = isOver ? "" : isUnshown(own, round) ? "too_few_authors" : round.state === "void" || round.state === "planned" ? "void" : "";
  if (why) void keepLate({ text: own.text, factor: own.factor, target: own.target, why, ...seatOf(own) });
  if (why || isOver || round.state === "published") return void changeText(own.id, () => null);
  if (round.released > own.released && isOut(own, round)) return void spend(own, round);
  if (round.key > own.key) return void reclaim(own, round);
}

/** Fewer than five people were behind what was left: it comes back to whoever wrote it. @param {OwnText} own @param {Round} round */
const isUnshown = (own, round) => round.unshown && !isLive(round) && (own.target || round.late_of || round.release === "batched");

/**
 * Whether a batch has taken it: some texts stay in the urn each time. By its words, for nothing else tells. Where each action is
 * shown at once, unnamed comments wait for the end.
 * @param {OwnText} own @param {Round} round
 */
const isOut = (own, round) => (isShownAtOnce(round) ? !own.target : (own.target ? comments : cards).value.some(({ text }) => text === own.sealed));

/** It is out of the urn: it stands among the others, and nobody can tell it is mine, not even this page. @param {OwnText} own @param {Round} round */
export function spend(own, round) {
  const slot = slotOf(round, own.target ? "comments" : bucketOf(round, own.factor), own.seat);
  return change((before) => ({
    ...before,
    used: before.texts.some(({ id }) => id === own.id) ? { ...before.used, [slot]: (before.used[slot] ?? 0) + 1 } : before.used,
    texts: before.texts.filter(({ id }) => id !== own.id),
  }));
}

/** The urn lost its key in a power cut: the secret shows that the text is this seat's. @param {OwnText} own @param {Round} round */
async function reclaim(own, round) {
  await changeText(own.id, (before) => ({ ...before, key: round.key }));
  if (!own.target) await submit("card.claim", { round: own.round, epoch: own.epoch, factor: own.factor, secret: own.secret, ...seatOf(own) });
}
