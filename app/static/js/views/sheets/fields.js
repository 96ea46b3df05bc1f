/** What is typed on a sheet: kept on this device at once, sent a moment later, and told when somebody else wrote there first. */

import { sentence } from "../../core/errors.js";
import { mintId } from "../../core/ids.js";
import { kept } from "../../core/keep.js";
import { isWaiting, submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";

/** @import {Sheet} from "../../core/records.js" */
/**
 * Typed and not yet confirmed. `seen` is what stood there when the typing began; `now` what somebody else put there meanwhile.
 * @typedef {{text: string, seen: string, sending: string | null, sent: string, now: string | null}} Typed
 */

const IDLE_MS = 900;

const store = kept("sheets", /** @type {Record<string, Typed>} */ ({}));
export const typed = store.value;

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const idle = new Map();

/** @param {Sheet} sheet @param {string} field */
export const keyOf = (sheet, field) => `${sheet.id}/${field}`;

/** What the field shows: what is being typed here, else what everybody sees. @param {Sheet} sheet @param {string} field @returns {string} */
export const valueOf = (sheet, field) => typed.value[keyOf(sheet, field)]?.text ?? stands(sheet, field);

/** Sheets of older servers have fewer fields. @param {Sheet} sheet @param {string} field @returns {string} */
const stands = (sheet, field) => /** @type {any} */ (sheet)[field] ?? "";

/** @param {Sheet} sheet @param {string} field @param {string} text */
export function type(sheet, field, text) {
  const key = keyOf(sheet, field);
  const blank = { text, seen: stands(sheet, field), sending: null, sent: "", now: null };
  void store.change((before) => ({ ...before, [key]: { ...blank, ...before[key], text } }));
  clearTimeout(idle.get(key));
  idle.set(key, setTimeout(() => send(key), IDLE_MS));
}

/** @param {string} key @param {(typed: Typed) => Typed | null} step null: everybody sees it now */
const change = (key, step) =>
  store.change(({ [key]: found, ...others }) => {
    const after = found && step(found);
    return after ? { ...others, [key]: after } : others;
  });

/** @param {string} key */
export async function send(key) {
  clearTimeout(idle.get(key));
  const found = typed.value[key];
  if (!found || found.sending || found.now !== null) return;
  if (found.text === found.seen) return change(key, () => null);
  const id = mintId();
  const { text, seen } = found;
  await change(key, (before) => ({ ...before, sending: id, sent: text }));
  const [sheet, field] = partsOf(key);
  heard(key, text, await submit("sheet.fill", { sheet, field, text, seen }, { id }));
}

/** Ids of sheets hold no slash; names of fields neither. @param {string} key */
const partsOf = (key) => [key.slice(0, key.lastIndexOf("/")), key.slice(key.lastIndexOf("/") + 1)];

/** @param {string} key @param {string} text @param {import("../../core/outbox.js").Answer} answer */
function heard(key, text, answer) {
  if (!("code" in answer)) {
    void change(key, (before) => (before.text === text ? null : { ...before, seen: text.trim(), sending: null }));
    if (typed.value[key]) void send(key);
    return;
  }
  if (answer.code === "changed_meanwhile") return void change(key, (before) => ({ ...before, sending: null, now: String(answer.data["now"] ?? "") }));
  void change(key, (before) => ({ ...before, sending: null }));
  toast(sentence(answer.code, answer.data));
}

/** One's own words in the place of the other's, which were seen. @param {string} key */
export async function keepMine(key) {
  await change(key, (before) => ({ ...before, seen: before.now ?? before.seen, now: null }));
  return send(key);
}

/** @param {string} key */
export const takeTheirs = (key) => change(key, () => null);

/** What an earlier page typed and did not see confirmed goes on its way again. */
export async function recover() {
  await store.load();
  for (const [key, found] of Object.entries(typed.value)) {
    if (found.sending && isWaiting(found.sending)) continue;
    if (found.sending) await change(key, (before) => ({ ...before, sending: null }));
    void send(key);
  }
}
