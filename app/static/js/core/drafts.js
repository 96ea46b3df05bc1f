/** Texts that are not sent: what is being typed, and what came too late and waits for the next round. Nothing typed is lost. */

import { kept } from "./keep.js";
import { mintId } from "./ids.js";
import { isLive, isWriting } from "./rounds.js";

/** @import {CommentTarget, Round} from "./records.js" */

/** @typedef {{id: string, text: string, factor: string, target: CommentTarget | null, why: string, seat?: string}} Late `target` null: it was meant as an action; `seat`: the mark of whom a desk entered it for */
/** @typedef {{typed: Record<string, string>, late: Late[]}} Drafts */

const TYPING_MS = 300;

const store = kept("drafts", /** @type {Drafts} */ ({ typed: {}, late: [] }));
export const drafts = store.value;
export const loadDrafts = store.load;

/** @param {Round} round @param {string} factor */
export const placeOf = (round, factor) => `${round.id}:${round.epoch}:${factor}`;

/** @type {Map<string, string>} */
const typing = new Map();
let timer = 0;

/** Keeps what is being typed at a place, a moment after the last key. @param {string} place @param {string} text */
export function type(place, text) {
  typing.set(place, text);
  clearTimeout(timer);
  timer = setTimeout(keepTyped, TYPING_MS);
}

/** What is being typed at a place. @param {string} place */
export const typedAt = (place) => typing.get(place) ?? drafts.value.typed[place] ?? "";

/** Now, and not in a moment: the page may go away. */
export function keepTyped() {
  clearTimeout(timer);
  if (!typing.size) return;
  const fresh = Object.fromEntries(typing);
  typing.clear();
  void store.change(({ typed, late }) => ({ typed: withoutEmpty({ ...typed, ...fresh }), late }));
}

/** @param {Record<string, string>} typed */
const withoutEmpty = (typed) => Object.fromEntries(Object.entries(typed).filter(([, text]) => text.trim()));

/** The text went on its way, or is not wanted. @param {string} place */
export function clearTyped(place) {
  type(place, "");
  keepTyped();
}

/** @param {Omit<Late, "id">} draft */
export function keepLate(draft) {
  const late = { ...draft, id: mintId() };
  return store.change((before) => ({ ...before, late: [...before.late, late] }));
}

/** @param {string} id */
export function dropLate(id) {
  return store.change((before) => ({ ...before, late: before.late.filter((draft) => draft.id !== id) }));
}

/** What was typed for a writing round that is over becomes a late draft. @param {Round[]} rounds */
export function retireTyped(rounds) {
  keepTyped();
  const open = new Set(rounds.filter((round) => isWriting(round) && isLive(round)).map((round) => `${round.id}:${round.epoch}`));
  const over = Object.keys(drafts.value.typed).filter((place) => isCardPlace(place) && !open.has(place.slice(0, place.lastIndexOf(":"))));
  if (!over.length) return;
  // Ids follow from the places: two tabs retiring the same text make one draft.
  void store.change(({ typed, late }) => ({
    typed: Object.fromEntries(Object.entries(typed).filter(([place]) => !over.includes(place))),
    late: [...late, ...over.flatMap((place) => lateFrom(place, typed[place], late))],
  }));
}

/** @param {string} place @param {string | undefined} text @param {Late[]} late @returns {Late[]} */
function lateFrom(place, text, late) {
  if (!text || late.some(({ id }) => id === place)) return [];
  return [{ id: place, text, factor: place.slice(place.lastIndexOf(":") + 1), target: null, why: "not_sent" }];
}

/** Comments are typed at `comment/...`, which no round ends. @param {string} place */
const isCardPlace = (place) => !place.startsWith("comment/") && !place.startsWith("edit/");

/** @param {CommentTarget} target */
export const commentPlace = (target) => `comment/${target.table}/${target.id}`;
