/**
 * Operations submitted and not yet answered. Each is kept on the device before it is first sent, sent again with the same id
 * after a cut or a reload, and dropped at its answer. Knows no socket and no storage: both are arguments.
 */

import { MOST_BYTES, MOST_OPERATIONS, PASSING_CODES, UNANSWERED_FRAMES } from "../contract.js";

/** @typedef {{id: string, kind: string, payload: Record<string, any>, after?: string}} Op `after`: the operation that must be answered first */
/** @typedef {{seq: number} | {sealed: true} | {code: string, data: Record<string, any>}} Answer */
/** @typedef {{id: string, seq?: number, sealed?: boolean, code?: string, data?: Record<string, any>}} Result */

/**
 * @typedef {object} Around
 * @property {() => Promise<Op[]>} load
 * @property {(step: (ops: Op[]) => Op[]) => Promise<void>} keep
 * @property {(ops: Op[]) => void} send
 * @property {(op: Op, answer: Answer) => void} answered
 * @property {(ops: Op[]) => void} changed
 * @property {(act: () => void, ms: number) => void} later
 */

// The server also counts the frame's own words.
const ROOM_BYTES = MOST_BYTES - 1024;
const LONGEST_PAUSE_MS = 30_000;
// The server did not decide, so the same operation goes again.
const UNDECIDED = [...PASSING_CODES, "not_joined"];

export class Outbox {
  /** @type {Op[]} */
  ops = [];
  #kept = new Set();
  /** @type {Set<string>[]} the unanswered frames, oldest first */
  #frames = [];
  /** @type {Map<string, (answer: Answer) => void>} */
  #waiting = new Map();
  #open = false;
  #pauses = 0;
  #paused = false;
  // After a frame was refused as a whole: one operation a frame, so that only the bad one is.
  #careful = false;

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
  }

  /**
   * @param {Op} op
   * @returns {Promise<Answer>}
   */
  async submit(op) {
    const answer = new Promise((/** @type {(answer: Answer) => void} */ resolve) => this.#waiting.set(op.id, resolve));
    this.ops.push(op);
    this.around.changed(this.ops);
    await this.around.keep((ops) => [...ops.filter(({ id }) => id !== op.id), op]);
    this.#kept.add(op.id);
    this.flush();
    return answer;
  }

  /** Takes over what earlier pages of this seat left unsent. */
  async adopt() {
    const left = (await this.around.load()).filter(({ id }) => !this.has(id));
    for (const { id } of left) this.#kept.add(id);
    this.ops = [...left, ...this.ops];
    this.around.changed(this.ops);
    this.flush();
  }

  /** @param {string} id */
  has(id) {
    return this.ops.some((op) => op.id === id);
  }

  /** The link carries frames again; whatever had no answer goes again, in the old order. */
  opened() {
    this.#frames = [];
    this.#open = true;
    this.flush();
  }

  closed() {
    this.#frames = [];
    this.#open = false;
  }

  flush() {
    while (this.#open && !this.#paused && this.#frames.length < (this.#careful ? 1 : UNANSWERED_FRAMES)) {
      const ops = this.#next(this.#careful ? 1 : MOST_OPERATIONS);
      if (!ops.length) return;
      this.#frames.push(new Set(ops.map(({ id }) => id)));
      this.around.send(ops);
    }
  }

  /** The oldest operations, under way or not: for the other road. */
  oldest() {
    return this.#paused ? [] : this.#fill(this.ops, MOST_OPERATIONS);
  }

  /** @param {number} most */
  #next(most) {
    const underWay = new Set(this.#frames.flatMap((frame) => [...frame]));
    return this.#fill(this.ops.filter(({ id }) => !underWay.has(id)), most);
  }

  /** @param {Op[]} candidates @param {number} most */
  #fill(candidates, most) {
    /** @type {Op[]} */
    const ops = [];
    let room = ROOM_BYTES;
    for (const { id, kind, payload, after } of candidates) {
      if (!this.#kept.has(id)) break;
      if (after && this.has(after)) continue;
      room -= new TextEncoder().encode(JSON.stringify({ id, kind, payload })).length + 1;
      if (ops.length === most || (ops.length && room < 0)) break;
      ops.push({ id, kind, payload });
    }
    return ops;
  }

  /** @param {Result[]} results */
  receive(results) {
    for (const result of results) {
      if (!result.id) this.#refusedWhole(result);
      else if (result.code && UNDECIDED.includes(result.code)) this.#again(result.id);
      else this.#settle(result);
    }
    this.around.changed(this.ops);
    this.flush();
  }

  /** @param {Result} result */
  #settle({ id, seq, sealed, code, data }) {
    const op = this.ops.find((other) => other.id === id);
    this.#leaveFrame(id);
    if (!op) return;
    this.#pauses = 0;
    this.ops = this.ops.filter((other) => other !== op);
    this.#kept.delete(id);
    void this.around.keep((ops) => ops.filter((other) => other.id !== id));
    /** @type {Answer} */
    const answer = code ? { code, data: data ?? {} } : sealed ? { sealed: true } : { seq: seq ?? -1 };
    this.around.answered(op, answer);
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** @param {string} id */
  #leaveFrame(id) {
    for (const frame of this.#frames) frame.delete(id);
    this.#frames = this.#frames.filter((frame) => frame.size);
    if (!this.ops.length) this.#careful = false;
  }

  /** @param {string} id */
  #again(id) {
    this.#leaveFrame(id);
    if (this.#paused) return;
    this.#paused = true;
    const pause_ms = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** this.#pauses) * (0.5 + Math.random() / 2);
    this.#pauses += 1;
    this.around.later(() => {
      this.#paused = false;
      this.flush();
    }, pause_ms);
  }

  /** The server could not read a frame and cannot say which. @param {Result} result */
  #refusedWhole({ code = "bad_payload", data }) {
    const [only] = this.#frames[0] ?? [];
    if (UNDECIDED.includes(code)) this.#again(only ?? "");
    else if (this.#careful && only) this.#settle({ id: only, code, data });
    this.#careful = true;
    this.#frames = [];
  }
}
