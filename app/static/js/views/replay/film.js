/** The steps as they come, and the board at the one that is shown. Signals and the replica; no drawing. */

import { computed, effect, signal } from "@preact/signals-core";
import { page } from "../../core/page.js";
import { replica, revision } from "../../core/session.js";

/** @typedef {{title: string, round: string | null, changes: Array<Array<any>>}} Step */
/** @typedef {{name: string, step: number}} Chapter where a round begins */
/** @typedef {{mark: string, from: number, total: number, rounds: Chapter[], steps: Step[]}} Part */

export const SPEEDS = [0.5, 1, 2, 4];
const STEP_MS = 2400;

const steps = signal(/** @type {readonly Step[]} */ ([]));
/** How many there are, loaded or not; null until the first part is here. */
export const total = signal(/** @type {number | null} */ (null));
export const chapters = signal(/** @type {Chapter[]} */ ([]));
export const failed = signal(false);
export const isPlaying = signal(false);
export const speed = signal(1);
/** Where somebody wants to be: it may not be here yet. */
const wanted = signal(0);

export const loaded = computed(() => steps.value.length);
export const at = computed(() => Math.min(wanted.value, loaded.value - 1));
export const isWaiting = computed(() => wanted.value > at.value);
export const step = computed(() => steps.value[at.value]);
export const soFar = computed(() => steps.value.slice(0, at.value + 1));

let shownAt = -1;

// The replica follows, forwards change by change; backwards it begins again, which is quick: nothing is drawn in between.
effect(() => {
  const to = at.value;
  const list = steps.value;
  if (to < 0 || to === shownAt) return;
  const back = to < shownAt;
  const changes = list.slice(back ? 0 : shownAt + 1, to + 1).flatMap((one) => one.changes);
  // A generation of its own each time it begins again: what went before is not newer.
  replica.receive({ from: replica.head, to: to + 1, reset: back || shownAt < 0, generation: replica.generation + Number(back), changes });
  shownAt = to;
  revision.value += 1;
});

/** Everything, some steps at a time; the first can be looked at while the others come. */
export async function load() {
  failed.value = false;
  let mark = "";
  try {
    do {
      const part = await ask(mark, mark ? steps.value.length : 0);
      if (part.mark !== mark) {
        // The first part; or the board has moved since, and what was hidden may lie further back.
        shownAt = -1;
        mark = part.mark;
        chapters.value = part.rounds;
        steps.value = part.steps;
      } else steps.value = [...steps.value, ...part.steps];
      total.value = part.total;
    } while (steps.value.length < (total.value ?? 0));
  } catch {
    failed.value = true;
  }
}

/** @param {string} mark @param {number} from @returns {Promise<Part>} */
async function ask(mark, from) {
  const url = new URL(page.urls["steps"] ?? "", location.href);
  url.searchParams.set("from", String(from));
  if (mark) url.searchParams.set("mark", mark);
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`steps: ${answer.status}`);
  return answer.json();
}

/** @param {number} place */
export function goTo(place) {
  wanted.value = Math.max(0, Math.min(place, (total.value ?? 1) - 1));
}

/** @param {number} by */
export const turn = (by) => goTo(at.value + by);

/** To the round before or after this one. @param {1 | -1} by */
export function turnRound(by) {
  const starts = chapters.value.map((chapter) => chapter.step);
  const found = by > 0 ? starts.find((start) => start > at.value) : starts.reverse().find((start) => start < at.value);
  goTo(found ?? (by > 0 ? (total.value ?? 1) - 1 : 0));
}

export function toggle() {
  // At the end, playing begins again.
  if (!isPlaying.value && at.value === (total.value ?? 0) - 1) goTo(0);
  isPlaying.value = !isPlaying.value;
}

/** @param {1 | -1} by */
export function changeSpeed(by) {
  speed.value = SPEEDS[SPEEDS.indexOf(speed.value) + by] ?? speed.value;
}

/** Lets the steps advance by themselves. @returns {() => void} */
export function startPlaying() {
  return effect(() => {
    if (!isPlaying.value || isWaiting.value || total.value === null) return;
    if (at.value >= total.value - 1) {
      isPlaying.value = false;
      return;
    }
    const timer = setTimeout(() => turn(1), STEP_MS / speed.value);
    return () => clearTimeout(timer);
  });
}
