/** The room desk: where its people are and how far its paper ballots have come, as the server says; asked anew after each entry. */

import { computed, effect, signal } from "@preact/signals-core";
import { page } from "../../core/page.js";
import { rounds } from "../../core/records.js";

/** @typedef {{round: string, epoch: number, list: string, entered: number, unconfirmed: number, waiting: string[]}} PaperState */
/** @typedef {{people: Record<string, "here" | "device" | "away">, paper: PaperState | null}} DeskState */

const AGAIN_MS = 10_000;

export const desk = signal(/** @type {DeskState | null} */ (null));

/** The vote whose paper is entered now; the server says which. */
export const paperRound = computed(() => rounds.value.find(({ id, epoch }) => id === desk.value?.paper?.round && epoch === desk.value.paper.epoch));

export const refresh = () => ask(fetch(page.urls["desk_state"] ?? "", { credentials: "same-origin", headers: { Accept: "application/json" } }));

/** Counts somebody in who is here without a device, or out again. @param {string} seat the mark of the seat @param {boolean} here */
export const tick = (seat, here) =>
  ask(
    fetch(page.urls["here"] ?? "", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.csrf },
      body: JSON.stringify({ seat, here }),
    }),
  );

/** @param {Promise<Response>} asked @returns {Promise<boolean>} whether the server answered */
async function ask(asked) {
  try {
    const response = await asked;
    if (response.ok) desk.value = await response.json();
    return response.ok;
  } catch {
    return false;
  }
}

let started = false;

/** Follows the rounds, and looks now and then at what other desks have entered. */
export function startDesk() {
  if (started) return;
  started = true;
  const phases = computed(() => rounds.value.map(({ id, epoch, state }) => `${id}:${epoch}:${state}`).join());
  effect(() => {
    void phases.value;
    void refresh();
  });
  setInterval(() => document.hidden || void refresh(), AGAIN_MS);
}
