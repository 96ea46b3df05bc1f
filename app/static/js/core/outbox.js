/**
 * Operations submitted and not yet answered. Each is kept on the device before it is first sent, sent again with the same id
 * after a cut or a reload, and dropped at its answer. Knows no socket and no storage: both are arguments.
 */

import { MOST_BYTES, MOST_OPERATIONS, PASSING_CODES, UNANSWERED_FRAMES } from "../contract.js";

/** @typedef {{id: string, kind: string, payload: Record<string, any>, after?: string | undefined}} Op `after`: the operation that must be answered first */
/** @typedef {{seq: number} | {sealed: true} | {code: string, data: Record<string, any>}} Answer */
/** @typedef {{id: string, seq?: number, sealed?: boolean, code?: string, data?: Record<string, any>}} Result */

/**
 * @typedef {object} Around
 * @property {() => Promise<Op[]>} load
 * @property {(step: (ops: Op[]) => Op[]) => Promise<void>} keep
 * @property {(id: string) => boolean} isWaiting whether an operation has no answer yet, whichever tab sends it
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
  _kept = new Set();
  /** @type {Set<string>[]} the unanswered frames, oldest first */
  _frames = [];
  /** @type {Map<string, (answer: Answer) => void>} */
  _waiting = new Map();
  _open = false;
  _pauses = 0;
  _paused = false;
  // After a frame was refused as a whole: one operation a frame, so that only the bad one is.
  _careful = false;

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
  }

  /**
   * @param {Op} op
   * @returns {Promise<Answer>}
   */
  async submit(op) {
    const answer = new Promise((/** @type {(answer: Answer) => void} */ resolve) => this._waiting.set(op.id, resolve));
    this.ops.push(op);
    this.around.changed(this.ops);
    await this.around.keep((ops) => [...ops.filter(({ id }) => id !== op.id), op]);
    this._kept.add(op.id);
    this.flush();
    return answer;
  }

  /** Takes over what earlier pages of this seat left unsent. */
  async adopt() {
    const left = (await this.around.load()).filter(({ id }) => !this.has(id));
    for (const { id } of left) this._kept.add(id);
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
    this._frames = [];
    this._open = true;
    this.flush();
  }

  closed() {
    this._frames = [];
    this._open = false;
  }

  flush() {
    while (this._open && !this._paused && this._frames.length < (this._careful ? 1 : UNANSWERED_FRAMES)) {
      const ops = this._next(this._careful ? 1 : MOST_OPERATIONS);
      if (!ops.length) return;
      this._frames.push(new Set(ops.map(({ id }) => id)));
      this.around.send(ops);
    }
  }

  /** The oldest operations, under way or not: for the other road. */
  oldest() {
    return this._paused ? [] : this._fill(this.ops, MOST_OPERATIONS);
  }

  /** @param {number} most */
  _next(most) {
    const underWay = new Set(this._frames.flatMap((frame) => [...frame]));
    return this._fill(this.ops.filter(({ id }) => !underWay.has(id)), most);
  }

  /** @param {Op[]} candidates @param {number} most */
  _fill(candidates, most) {
    /** @type {Op[]} */
    const ops = [];
    let room = ROOM_BYTES;
    for (const { id, kind, payload, after } of candidates) {
      if (!this._kept.has(id)) break;
      if (after && this.around.isWaiting(after)) continue;
      room -= new TextEncoder().encode(JSON.stringify({ id, kind, payload })).length + 1;
      if (ops.length === most || (ops.length && room < 0)) break;
      ops.push({ id, kind, payload });
    }
    return ops;
  }

  /** @param {Result[]} results @param {string} [event] what a result without an id is about: other frames are not ours */
  receive(results, event) {
    for (const result of results) {
      if (!result.id) {
        if (event === "submit") this._refusedWhole(result);
      } else if (result.code && UNDECIDED.includes(result.code)) this._again(result.id);
      else this._settle(result);
    }
    this.around.changed(this.ops);
    this.flush();
  }

  /** @param {Result} result */
  _settle({ id, seq, sealed, code, data }) {
    const op = this.ops.find((other) => other.id === id);
    this._leaveFrame(id);
    if (!op) return;
    this._pauses = 0;
    this.ops = this.ops.filter((other) => other !== op);
    this._kept.delete(id);
    void this.around.keep((ops) => ops.filter((other) => other.id !== id));
    /** @type {Answer} */
    const answer = code ? { code, data: data ?? {} } : sealed ? { sealed: true } : { seq: seq ?? -1 };
    this.around.answered(op, answer);
    this._waiting.get(id)?.(answer);
    this._waiting.delete(id);
  }

  /** @param {string} id */
  _leaveFrame(id) {
    for (const frame of this._frames) frame.delete(id);
    this._frames = this._frames.filter((frame) => frame.size);
    if (!this.ops.length) this._careful = false;
  }

  /** @param {string} id */
  _again(id) {
    this._leaveFrame(id);
    if (this._paused) return;
    this._paused = true;
    const pause_ms = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** this._pauses) * (0.5 + Math.random() / 2);
    this._pauses += 1;
    this.around.later(() => {
      this._paused = false;
      this.flush();
    }, pause_ms);
  }

  /** The server could not read a frame and cannot say which. @param {Result} result */
  _refusedWhole({ code = "bad_payload", data }) {
    const [only] = this._frames[0] ?? [];
    if (UNDECIDED.includes(code)) this._again(only ?? "");
    else if (this._careful && only) this._settle({ id: only, code, data });
    this._careful = true;
    this._frames = [];
  }
}
