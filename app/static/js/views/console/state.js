// What this one console shows: which round, pane and factor are chosen, what is ticked, which commands wait for an answer.
// Signals only. Nothing of it is sent anywhere; the board's records live in the replica.

import { computed, signal } from "@preact/signals-core";
import { rounds } from "../../core/records.js";
import { openingRound } from "./rounds.js";

/** The round the facilitator picked in the agenda; null follows the seminar. */
export const picked = signal(/** @type {string | null} */ (null));
/** On a phone one pane fills the screen. */
export const pane = signal(/** @type {"agenda"|"stage"|"side"} */ ("stage"));
/** The workspace tab the facilitator picked; null takes what the round's state calls for. */
export const tab = signal(/** @type {string | null} */ (null));
/** The factor whose cards or ranking are on screen; null takes the first that has some. */
export const factorId = signal(/** @type {string | null} */ (null));
/** Commands sent and not yet answered, by `kind:record`. */
export const waiting = signal(/** @type {ReadonlySet<string>} */ (new Set()));

/** The round in the middle of the screen. */
export const chosenRound = computed(() => rounds.value.find((round) => round.id === picked.value) ?? openingRound(rounds.value));

/** @param {string} id */
export function pick(id) {
  picked.value = id;
  tab.value = null;
  pane.value = "stage";
}
