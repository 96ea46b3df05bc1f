// The countdown as people read it: digits, how urgent they are, and the spoken warnings at 60, 10 and 0 seconds.

import { computed, effect, signal } from "@preact/signals-core";
import { announce } from "../../core/announce.js";
import { format, remaining, urgency } from "../../core/countdown.js";
import { t } from "../../core/i18n.js";
import { revision } from "../../core/session.js";

/** @import {Round} from "../../core/records.js" */
/** @typedef {{digits: string, state: "planned"|"running"|"soon"|"last"|"over"|"closing"|"paused", over: string}} Face */

const TICK_MS = 200;
const tick = signal(0);

/** Lets the clocks of this page run. @returns {() => void} stops them */
export function startClocks() {
  const timer = setInterval(() => (tick.value += 1), TICK_MS);
  return () => clearInterval(timer);
}

/**
 * A face that changes once a second at most.
 * @param {() => Round | undefined} current
 */
export const faceOf = (current) => {
  const spelled = computed(() => {
    void tick.value;
    void revision.value;
    return JSON.stringify(read(current()));
  });
  return computed(() => /** @type {Face | null} */ (JSON.parse(spelled.value)));
};

/** @param {Round | undefined} round @returns {Face | null} */
function read(round) {
  if (!round) return null;
  if (round.state === "planned") return { digits: format(round.minutes * 60_000), state: "planned", over: "" };
  if (round.state !== "running" && round.state !== "paused") return null;
  const left = remaining(round) ?? 0;
  if (round.state === "paused") return { digits: format(Math.max(0, left)), state: "paused", over: "" };
  // Past its end a round that closes itself is closing: what was under way is still taken.
  if (left <= 0 && round.at_zero !== "ring") return { digits: format(0), state: "closing", over: "" };
  return { digits: format(Math.max(0, left)), state: urgency(left), over: left < -1000 ? format(-left) : "" };
}

/** Speaks at 60, 10 and 0 seconds, never each second. @param {() => Round | undefined} current */
export function speakWarnings(current) {
  const face = faceOf(current);
  const moment = computed(() => `${current()?.id ?? ""}:${face.value?.state ?? ""}`);
  let before = "";
  return effect(() => {
    const now = moment.value;
    const [id, stage] = now.split(":");
    const words = { soon: t("One minute left"), last: t("Ten seconds left"), over: t("Time is up"), closing: t("Time is up") };
    if (before.startsWith(`${id}:`) && stage && stage in words) announce(words[/** @type {keyof typeof words} */ (stage)]);
    before = now;
  });
}
