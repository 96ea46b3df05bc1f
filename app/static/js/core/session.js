/** One seat on one board: wires page, link, replica and outbox. Everything else in the browser imports from here. */

import { effect, signal, untracked } from "@preact/signals-core";
import { PROTOCOL } from "../contract.js";
import { learn, serverNow } from "./clock.js";
import { useTimeZone } from "./i18n.js";
import { mintId } from "./ids.js";
import { kept } from "./keep.js";
import { connect, end, goodbye, link, online, retryNow, send } from "./link.js";
import { grants } from "./may.js";
import { Outbox } from "./outbox.js";
import { mine } from "./own.js";
import { padded } from "./padding.js";
import { page } from "./page.js";
import { Replica } from "./replica.js";
import { isLive } from "./rounds.js";

/** @import {Answer, Op} from "./outbox.js" */
/** @import {Round} from "./records.js" */
/** @typedef {{handle: string, role: string, table: string | null, side: string | null, name: Record<string, string>}} You */
/** @import {AnswersFrame, FloorFrame} from "../contract.js" */
/** @typedef {{online?: number, seats?: number, frozen?: boolean, offline?: number, absent?: {round: string, epoch: number, count: number}, parity?: import("../contract.js").PresenceFrame["parity"], turnout?: {round: string, epoch: number, kind: "ballots" | "texts", count: number | null, seats: number | null}, paper?: import("../contract.js").PresenceFrame["paper"], door?: number, remote_cut_min?: number, backup?: import("../contract.js").PresenceFrame["backup"], incomplete?: boolean}} Presence */

export { goodbye, link, page, retryNow, serverNow };

const OTHER_ROAD_MS = 20_000;
const RELOAD_EVERY_MS = 60_000;

export const replica = new Replica();
/** Grows with every applied frame. */
export const revision = signal(0);
export const presence = signal(/** @type {Presence} */ ({}));
/** One's own raised hand; for facilitators also the queue and the wheel. */
export const floor = signal(/** @type {FloorFrame} */ ({ hand: null }));
/** The newest `answers` frame. */
export const answered = signal(/** @type {AnswersFrame} */ ({ results: [] }));
export const you = signal(/** @type {You} */ ({ handle: page.handle, role: page.role, table: null, side: null, name: {} }));
/** Operations submitted and not yet answered, oldest first. */
export const pending = signal(/** @type {Op[]} */ ([]));

const stored = kept("outbox", /** @type {Op[]} */ ([]));
/** @type {((op: Op, answer: Answer) => void)[]} */
const listeners = [];
let progressAt = performance.now();
let behind = 0;
let askedAt = 0;

/** What earlier pages left unsent has been read. */
export const loaded = stored.load();

/** Whether an operation lies on this device without an answer, whichever tab sends it. @param {string} id */
export const isWaiting = (id) => stored.value.value.some((op) => op.id === id);

export const outbox = new Outbox({
  load: async () => {
    await loaded;
    return stored.value.value;
  },
  keep: stored.change,
  // A text is kept before its operation: between the two, another tab sees the text alone.
  isWaiting: (id) => isWaiting(id) || mine.value.texts.some((text) => text.id === id && text.sealed === null),
  send: (ops) => send("submit", padded({ board: page.board, ops })),
  answered: (op, answer) => {
    progressAt = performance.now();
    for (const listen of listeners) listen(op, answer);
  },
  changed: (ops) => {
    if (!pending.value.length) progressAt = performance.now();
    pending.value = [...ops];
    link.value = { ...link.value, waiting: ops.length };
  },
  // Not setTimeout itself: a browser refuses it as a method of another object.
  later: (act, ms) => void setTimeout(act, ms),
});

/**
 * Sends an operation. Kept on this device first; resolves at its answer, however long that takes; survives a reload.
 * @param {string} kind
 * @param {Record<string, any>} payload
 * @param {{id?: string, after?: string | undefined}} [how] an id minted before; the operation that must be answered first
 * @returns {Promise<Answer>}
 */
export const submit = (kind, payload, { id = mintId(), after } = {}) => outbox.submit({ id, kind, payload, after });

/** Hears every answer, also to what an earlier page sent. @param {(op: Op, answer: Answer) => void} listen */
export function onAnswer(listen) {
  listeners.push(listen);
}

/** @returns {Round | undefined} */
const liveRound = () => /** @type {Round[]} */ (/** @type {unknown} */ (replica.all("rounds"))).find(isLive);

/**
 * Whether this person's page offers an operation; the server decides again.
 * @param {string} kind
 * @param {Round} [round] the round it would be for; without one, the live round
 */
export function may(kind, round) {
  void revision.value;
  return grants(kind, you.value.role, round ?? liveRound());
}

/** Call once, when the listeners are in place. */
export function start() {
  connect({ connected: () => hello(replica.head), lost: () => outbox.closed(), welcome, changes, answers, presence: (frame) => (presence.value = frame), floor: (frame) => (floor.value = frame), heartbeat, goodbye: leave });
  setInterval(takeOtherRoad, 5000);
  void alone(() => outbox.adopt());
  // What waits for another tab's operation goes when that is answered.
  effect(() => {
    if (mine.value && stored.value.value) untracked(() => outbox.flush());
  });
}

/** Of several tabs of one seat, one at a time takes over what was left unsent. @param {() => Promise<void>} act */
function alone(act) {
  // Only in secure contexts; elsewhere two tabs may send the same, which has one effect.
  if (!navigator.locks) return act();
  return navigator.locks.request(`palabre/${page.handle}/${page.board}`, async () => {
    await act();
    // Held as long as this page lives.
    await new Promise(() => undefined);
  });
}

/** @param {number} head */
function hello(head) {
  askedAt = performance.now();
  behind = 0;
  send("hello", { board: page.board, head, generation: head < 0 ? 0 : replica.generation, protocol: PROTOCOL });
}

/** @param {{you: You, now: number}} frame */
function welcome(frame) {
  floor.value = { hand: null };
  learn(frame.now, askedAt);
  you.value = frame.you;
  online();
  outbox.opened();
}

/** @param {import("./replica.js").Frame} frame */
function changes(frame) {
  const found = replica.receive(frame);
  if (found === "gap") hello(replica.head);
  if (found !== "applied") return;
  useTimeZone(replica.get("board", "board")?.time_zone);
  revision.value += 1;
}

/** @param {AnswersFrame} frame */
const answers = (frame) => outbox.receive((answered.value = frame).results, frame.event);

/** @param {{head: number, digest: number}} beat */
function heartbeat({ head, digest }) {
  if (head === replica.head && digest !== replica.digest) return hello(-1);
  behind = head > replica.head ? behind + 1 : 0;
  if (behind > 1) hello(replica.head);
}

/** @param {{reason: string}} frame */
function leave({ reason }) {
  if (reason === "gone") {
    // The practice is over: the same page, on the workshop's own board.
    location.assign(location.pathname);
    return;
  }
  if (reason === "restart") return;
  end(reason);
  if ((reason === "reload" || reason === "role") && !document.activeElement?.matches("textarea, input") && mayReload()) location.reload();
}

/** A server that keeps asking must not make the page spin. */
function mayReload() {
  try {
    const last = Number(sessionStorage.getItem("palabre-reloaded"));
    sessionStorage.setItem("palabre-reloaded", String(Date.now()));
    return !last || Date.now() - last > RELOAD_EVERY_MS;
  } catch {
    return false;
  }
}

let onOtherRoad = false;

/** No answer for twenty seconds: the same operations, with the same ids, by a plain request. */
async function takeOtherRoad() {
  const ops = outbox.oldest();
  if (onOtherRoad || goodbye.value || !ops.length || performance.now() - progressAt < OTHER_ROAD_MS) return;
  onOtherRoad = true;
  try {
    const response = await fetch(page.urls["submit"] ?? "", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.csrf },
      body: JSON.stringify(padded({ board: page.board, ops })),
    });
    if (response.ok) outbox.receive((await response.json()).results);
  } catch {
    // Still no road: the next try comes by itself.
  } finally {
    onOtherRoad = false;
    progressAt = performance.now();
  }
}
