// The facilitator's commands: each one is sent once, answered with a toast, and brings its undo or says that it has none.
// What is allowed is decided by the server; a refusal is shown as a sentence.

import { sentence } from "../../core/errors.js";
import { t, text } from "../../core/i18n.js";
import { rounds } from "../../core/records.js";
import { isLive } from "../../core/rounds.js";
import { link, serverNow, submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { confirmVoid, hasInput } from "./questions.js";
import { closesForGood, hasReview } from "./rounds.js";
import { waiting } from "./state.js";

/** @import {Round} from "../../core/records.js" */
/** @import {Answer} from "../../core/outbox.js" */

const MINUTE_MS = 60_000;

/**
 * Sends one command and tells the person how it ended.
 * @param {string} kind
 * @param {Record<string, unknown>} payload
 * @param {{done?: string, undo?: () => unknown, id?: string}} [told] what to say when it worked; an undo, when there is one; an id minted before
 * @returns {Promise<boolean>} whether it was accepted
 */
export async function send(kind, payload, told = {}) {
  const name = nameOf(kind, payload);
  if (waiting.value.has(name)) return false;
  waiting.value = new Set([...waiting.value, name]);
  if (link.value.state !== "online") toast(t("No connection: the command waits and is sent when the link is back."));
  try {
    return say(await submit(kind, payload, told.id ? { id: told.id } : {}), told);
  } finally {
    waiting.value = new Set([...waiting.value].filter((other) => other !== name));
  }
}

/** @param {Answer} answer @param {{done?: string, undo?: () => unknown}} told */
function say(answer, told) {
  if ("code" in answer) {
    toast(sentence(answer.code, answer.data));
    return false;
  }
  if (told.done) {
    toast(told.done, { undo: told.undo });
  }
  return true;
}

/** One record takes one command of a kind at a time: a double tap is one. @param {string} kind @param {Record<string, unknown>} payload */
const nameOf = (kind, payload) => `${kind}:${payload.round ?? payload.card ?? payload.cluster ?? payload.from ?? ""}`;

/** @param {Round} round */
export const isWaiting = (round) => [...waiting.value].some((name) => name.startsWith("round.") && name.endsWith(`:${round.id}`));

/** @param {Round} round */
const at = (round) => ({ round: round.id, epoch: round.epoch });

/** @param {Round} round @param {string[]} [targets] */
export function start(round, targets) {
  const payload = targets ? { round: round.id, targets } : { round: round.id };
  const began = { ...round, epoch: round.epoch + 1 };
  return send("round.start", payload, { done: t("Started: %(name)s", { name: text(round.name) }), undo: () => ifUntouched(began, isLive, () => unstart(began)) });
}

/**
 * An undo is for what still stands as it was left: afterwards the same command would do something else, and to everybody.
 * @param {Round} left the round as the command left it
 * @param {(now: Round) => boolean} same
 * @param {() => unknown} undo
 */
function ifUntouched(left, same, undo) {
  const now = rounds.value.find((round) => round.id === left.id);
  if (now && now.epoch === left.epoch && same(now)) return undo();
  return toast(t("Too late to undo: the round has moved on."));
}

/** Back to the plan: what was sent in the meantime is destroyed unread, so it asks once somebody has sent something. @param {Round} round */
async function unstart(round) {
  if (hasInput(round) && !(await confirmVoid(round))) return;
  if (await send("round.void", at(round))) await send("round.plan", { round: round.id }, { done: t("The round is planned again.") });
}

/** @param {Round} round @returns {Promise<boolean>} */
export const pause = (round) =>
  send("round.pause", at(round), { done: t("Paused. The clock stands still for everybody."), undo: () => resume(round) });

/** @param {Round} round @returns {Promise<boolean>} */
export const resume = (round) => send("round.resume", at(round), { done: t("The clock runs again."), undo: () => pause(round) });

/**
 * One more minute, or three. The new end is sent, never the difference: a retry cannot add twice.
 * @param {Round} round
 * @param {number} minutes
 */
export function extend(round, minutes) {
  const before = round.state === "paused" ? { left_ms: round.left_ms ?? 0 } : { ends_at_ms: round.ends_at_ms ?? serverNow() };
  const done = t("+%(n)s min: everybody sees the new end.", { n: minutes });
  const after = longer(round, minutes);
  const same = (/** @type {Round} */ now) => now.ends_at_ms === (after.ends_at_ms ?? null) && now.left_ms === (after.left_ms ?? null);
  return send("round.extend", { ...at(round), ...after }, { done, undo: () => ifUntouched(round, same, () => send("round.extend", { ...at(round), ...before })) });
}

/** @param {Round} round @param {number} minutes @returns {{ends_at_ms?: number, left_ms?: number}} */
function longer(round, minutes) {
  const more = minutes * MINUTE_MS;
  if (round.state === "paused") return { left_ms: (round.left_ms ?? 0) + more };
  // Past zero the added minutes count from now on.
  return { ends_at_ms: Math.round(Math.max(round.ends_at_ms ?? 0, serverNow())) + more };
}

/**
 * More time for one table alone; the others close when the room does. The end is sent, never the difference.
 * @param {Round} round @param {import("../../core/records.js").Table} table @param {number} minutes
 */
export function extendTable(round, table, minutes) {
  const before = round.extra?.[table.id] ?? 0;
  const base = round.state === "paused" ? round.left_ms ?? 0 : round.ends_at_ms ?? serverNow();
  const past = round.state === "paused" ? 0 : serverNow() - base;
  const extra = Math.round(Math.max(before, past)) + minutes * MINUTE_MS;
  return setExtra(round, table.id, extra, t("+%(n)s min for %(name)s. The others close as planned.", { n: minutes, name: text(table.name) }), () => ifUntouched(round, isLive, () => setExtra(round, table.id, before)));
}

/** @param {Round} round @param {import("../../core/records.js").Table} table */
export function endTable(round, table) {
  const before = round.extra?.[table.id] ?? 0;
  return setExtra(round, table.id, 0, t("%(name)s closes with the others.", { name: text(table.name) }), () => ifUntouched(round, isLive, () => setExtra(round, table.id, before)));
}

/** @param {Round} round @param {string} table @param {number} extra milliseconds beyond the room's end @param {string} [done] @param {() => unknown} [undo] */
function setExtra(round, table, extra, done, undo) {
  const now = rounds.value.find(({ id }) => id === round.id) ?? round;
  const end = now.state === "paused" ? { left_ms: Math.max(0, (now.left_ms ?? 0) + extra) } : { ends_at_ms: (now.ends_at_ms ?? 0) + extra };
  return send("round.extend", { ...at(now), ...end, table }, { done, undo });
}

/** @param {Round} round */
export function close(round) {
  if (closesForGood(round)) return send("round.close", at(round), { done: t("Closed and shown. This cannot be undone.") });
  const left = Math.max(1, Math.ceil(((round.left_ms ?? (round.ends_at_ms ?? 0) - serverNow()) || 0) / MINUTE_MS));
  const closed = hasReview(round) ? "closed" : "published";
  const done = hasReview(round) ? t("Closed. Nothing is shown before you publish.") : t("Finished: %(name)s", { name: text(round.name) });
  return send("round.close", at(round), { done, undo: () => ifUntouched(round, (now) => now.state === closed, () => reopen(round, left)) });
}

/** @param {Round} round */
export const publish = (round) => send("round.publish", at(round), { done: t("Published. This cannot be undone.") });

/** @param {Round} round @param {number} minutes */
export const reopen = (round, minutes) =>
  send("round.reopen", { ...at(round), minutes }, { done: t("Open again for %(n)s min. Everybody is told.", { n: minutes }) });

/** @param {Round} round */
export const voidRound = (round) => send("round.void", at(round), { done: t("Cancelled. What was sent is destroyed; this cannot be undone.") });

/** @param {Round} round */
export const skip = (round) =>
  send("round.skip", { round: round.id }, { done: t("Skipped: %(name)s", { name: text(round.name) }), undo: () => plan(round) });

/** @param {Round} round */
export const plan = (round) => send("round.plan", { round: round.id }, { done: t("Planned again: %(name)s", { name: text(round.name) }) });
