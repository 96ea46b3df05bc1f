/** The running round: its name, its clock, whether it stands still. The warnings are spoken at 60, 10 and 0 seconds, never each second. */

import { computed, effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { announce } from "../../core/announce.js";
import { format, remaining, urgency } from "../../core/countdown.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { board } from "../../core/records.js";
import { revision, you } from "../../core/session.js";
import { shown } from "./follow.js";
import { liveRound, tableEnded } from "./state.js";

const TICK_MS = 200;
const tick = signal(0);

/** A face that changes once a second at most; the clock is the own table's, whichever round this page still shows. */
const face = computed(() => {
  const spelled = spell.value;
  return spelled ? /** @type {{digits: string, state: string}} */ (JSON.parse(spelled)) : null;
});

const spell = computed(() => {
  void tick.value;
  void revision.value;
  const round = liveRound.value;
  const left_ms = round ? remaining(round, you.value.table) : null;
  if (!round || left_ms === null) return "";
  return JSON.stringify({ digits: format(left_ms), state: round.state === "paused" ? "paused" : urgency(left_ms) });
});

export function startClock() {
  setInterval(() => {
    tick.value += 1;
    tableEnded.value = hasEnded(liveRound.value);
  }, TICK_MS);
  let before = "";
  const moment = computed(() => `${liveRound.value?.id ?? ""}:${face.value?.state ?? ""}`);
  effect(() => {
    const [id, state = ""] = moment.value.split(":");
    /** @type {Record<string, string>} */
    const words = { soon: t("One minute left"), last: t("Ten seconds left"), over: t("Time is up") };
    if (before.startsWith(`${id}:`) && words[state]) announce(words[state] ?? "");
    before = moment.value;
  });
}

/** The server closes a round when its last table has ended; for the others it is over before. @param {import("../../core/records.js").Round | undefined} round */
function hasEnded(round) {
  if (!round || round.at_zero === "ring" || !Object.keys(round.extra ?? {}).length) return false;
  return (remaining(round, you.value.table) ?? 0) < -1000 * round.grace_s;
}

export function headView() {
  const { round, phase } = shown.value;
  const name = text(round && phase !== "rest" ? round.name : board.value?.title) || t("Connecting…");
  return html`
    <div class="board-round">
      <h1 class="board-round-name" tabindex="-1">${name}</h1>
      ${phase === "closed" ? html`<span class="tag tag-closed">${icon("lock")} ${t("Closed")}</span>` : clock()}
    </div>`;
}

function clock() {
  if (!face.value) return nothing;
  const { digits, state } = face.value;
  return html`
    <p class="countdown" data-state=${state} role="timer" aria-label=${state === "paused" ? t("Paused: %(time)s left", { time: digits }) : t("Time left: %(time)s", { time: digits })}>
      ${icon(state === "paused" ? "pause" : "clock")} <span aria-hidden="true">${state === "over" ? t("Time is up") : digits}</span>
    </p>`;
}
