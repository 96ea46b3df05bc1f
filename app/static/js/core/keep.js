/**
 * What this browser keeps for one seat on one board: unsent operations, own sealed texts and choices, drafts.
 * In IndexedDB; where that is blocked, in memory, and the person is told.
 */

import { signal } from "@preact/signals-core";
import { createStore, delMany, get, keys, update } from "idb-keyval";
import { page } from "./page.js";

const OPENING_MS = 3000;

/** True when closing this page would lose what is not sent: private mode, full or blocked storage. */
export const onlyInMemory = signal(false);

/** @type {Map<string, any>} */
const memory = new Map();
/** @type {ReturnType<typeof createStore> | null} */
let store = null;

const seat = `${page.handle}/`;
/** @param {string} name */
const keyOf = (name) => `${seat}${page.board}/${name}`;

/** @template T @param {(store: ReturnType<typeof createStore>) => Promise<T>} act @param {() => T} instead */
async function attempt(act, instead) {
  if (onlyInMemory.value) return instead();
  try {
    store ??= createStore("palabre", "kept");
    return await Promise.race([act(store), late()]);
  } catch {
    onlyInMemory.value = true;
    return instead();
  }
}

/** Some browsers never answer when storage is blocked. @returns {Promise<never>} */
const late = () => new Promise((_, refuse) => setTimeout(refuse, OPENING_MS, new Error("storage does not answer")));

/** @param {string} name @returns {Promise<any>} */
const read = (name) =>
  attempt(
    (open) => get(keyOf(name), open),
    () => memory.get(keyOf(name)),
  );

// Tabs of one browser tell each other what has changed; without it a tab learns when it is looked at again.
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("palabre");

/**
 * A value that outlives the page. Each change is a pure function, applied at once to what is shown and then, in one
 * transaction, to what is stored: two tabs of one seat never overwrite each other.
 * @template T
 * @param {string} name
 * @param {T} empty
 */
export function kept(name, empty) {
  const value = signal(empty);
  /** @type {Set<(before: T) => T>} on their way to what is stored */
  const steps = new Set();
  const load = async () => {
    const stored = await read(name);
    if (stored !== undefined) value.value = [...steps].reduce((before, step) => step(before), stored);
  };
  channel?.addEventListener("message", ({ data }) => data === keyOf(name) && load());
  return {
    value,
    load,
    /** @param {(before: T) => T} step @returns {Promise<void>} when it is on the disk */
    async change(step) {
      steps.add(step);
      value.value = step(value.value);
      await attempt(
        (open) => update(keyOf(name), (before = empty) => step(before), open),
        () => void memory.set(keyOf(name), value.value),
      );
      steps.delete(step);
      channel?.postMessage(keyOf(name));
    },
  };
}

/** Removes everything this browser keeps for the seat, on every board. */
export async function forgetSeat() {
  memory.clear();
  await attempt(
    async (open) => {
      const all = await keys(open);
      await delMany(all.filter((key) => String(key).startsWith(seat)), open);
    },
    () => undefined,
  );
}
