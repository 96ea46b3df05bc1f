/** This browser's copy of the board: records in tables, moved only by frames from the server. No rule, no link, no drawing. */

import { mark } from "./digest.js";

/** @typedef {{id: string, rev: number, [field: string]: any}} AnyRecord */
/** @typedef {{from: number, to: number, reset: boolean, generation: number, changes: Array<Array<any>>}} Frame */

export class Replica {
  head = -1;
  generation = 0;
  digest = 0;
  /** @type {Map<string, Map<string, AnyRecord>>} */
  _tables = new Map();

  /** @param {string} table @returns {AnyRecord[]} a fresh array, in the order the records came */
  all(table) {
    return [...(this._tables.get(table)?.values() ?? [])];
  }

  /** @param {string} table @param {string | null | undefined} id @returns {AnyRecord | undefined} */
  get(table, id) {
    return id ? this._tables.get(table)?.get(id) : undefined;
  }

  /**
   * Applies a frame when it is the next one or a reset.
   * @param {Frame} frame
   * @returns {"applied" | "stale" | "gap"} gap: something is missing, say hello
   */
  receive(frame) {
    const same = frame.generation === this.generation;
    if (frame.reset) {
      // Overtaken on the way by something newer: taking it would bring the view back.
      if (same && frame.to < this.head) return "stale";
      this._tables.clear();
      this.digest = 0;
    } else if (same && frame.to <= this.head) return "stale";
    else if (!same || frame.from !== this.head) return "gap";
    for (const change of frame.changes) this._apply(change);
    this.head = frame.to;
    this.generation = frame.generation;
    return "applied";
  }

  /** @param {Array<any>} change */
  _apply([operation, name, subject, fields]) {
    const table = this._table(name);
    const id = operation === "put" ? subject.id : subject;
    const before = table.get(id);
    const after = operation === "put" ? subject : operation === "patch" && before ? { ...before, ...fields } : undefined;
    this.digest = (this.digest ^ mark(name, before) ^ mark(name, after)) >>> 0;
    if (after) table.set(id, after);
    else table.delete(id);
  }

  /** @param {string} name */
  _table(name) {
    const found = this._tables.get(name) ?? new Map();
    this._tables.set(name, found);
    return found;
  }
}
