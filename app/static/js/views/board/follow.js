/** Which round the page shows. It follows the room, with a notice; but never under the hands of somebody who is typing. */

import { computed, effect, signal, untracked } from "@preact/signals-core";
import { announce } from "../../core/announce.js";
import { retireTyped } from "../../core/drafts.js";
import { t, text } from "../../core/i18n.js";
import { board, rounds } from "../../core/records.js";
import { currentRound, isLive } from "../../core/rounds.js";
import { may } from "../../core/session.js";
import { editing, ownFactors, picked, tableEnded, ticked } from "./state.js";

/** @import {Round} from "../../core/records.js" */
/** @typedef {{round: string, epoch: number, phase: "live" | "closed" | "rest"}} Place */

const REST = /** @type {Place} */ ({ round: "", epoch: 0, phase: "rest" });

/** Where the room is. */
const room = computed(() => placeOf(currentRound(rounds.value)));
/** Where this page is. */
const here = signal(REST);

/** The round that is shown, with the phase in which it is shown. */
export const shown = computed(() => ({ phase: here.value.phase, round: rounds.value.find(({ id }) => id === here.value.round) }));
/** The room has gone on, and this page waits because somebody types. */
export const isBehind = computed(() => spelled(room.value) !== spelled(here.value));
export const roomRound = computed(() => rounds.value.find(({ id }) => id === room.value.round));

/** Whether this page offers something in the round it shows; one that ended under somebody's hands is still offered. @param {string} kind @param {Round} round */
export const mayHere = (kind, round) => may(kind, shown.value.phase === "live" ? { ...round, state: "running" } : round);

/** Whether this page takes cards: one's own, or a desk's for others. @param {Round} round */
export const takesCards = (round) => mayHere("card.post", round) || isDesk(round);

/** @param {Round} round */
export const isDesk = (round) => mayHere("card.enter", round);

/** @param {Round} round @param {import("../../core/records.js").Factor | undefined} factor */
export const mayGroup = (round, factor) => factor !== undefined && mayHere("card.move", round) && ownFactors(round).includes(factor.id);

/** @param {Round | undefined} round @returns {Place} */
const placeOf = (round) => (round ? { round: round.id, epoch: round.epoch, phase: isLive(round) && !tableEnded.value ? "live" : "closed" } : REST);

/** @param {Place} place */
const spelled = ({ round, epoch, phase }) => `${round}:${epoch}:${phase}`;

/** Somebody has words under the cursor, or answers a dialog. */
export function isTyping() {
  const active = document.activeElement;
  if (document.querySelector("dialog[open]")) return true;
  return active instanceof HTMLTextAreaElement ? active.value.trim() !== "" : active instanceof HTMLInputElement && active.type === "text";
}

let began = false;

export function startFollowing() {
  effect(() => {
    const place = spelled(room.value);
    const known = board.value !== undefined;
    untracked(() => {
      if (!known) return;
      const first = !began;
      began = true;
      if (!first && place === spelled(here.value)) return;
      if (!first) announce(words());
      if (first || !isTyping()) goOn();
    });
  });
}

/** To where the room is. The person asked for it, or was not typing. */
export function goOn() {
  retireTyped(rounds.value);
  here.value = room.value;
  ticked.value = new Set();
  editing.value = null;
  const round = roomRound.value;
  const own = round ? ownFactors(round) : [];
  const top = document.getElementById("app")?.offsetTop ?? 0;
  if (scrollY > top) scrollTo(0, top);
  if (round?.scope && picked.value && !own.includes(picked.value)) picked.value = null;
}

/** What has happened, in one sentence. */
export function words() {
  const round = roomRound.value;
  const before = shown.value.round;
  if (round && isLive(round)) return round.id === before?.id && round.reopened ? t("This round was opened again: %(name)s", { name: text(round.name) }) : t("A round has begun: %(name)s", { name: text(round.name) });
  return before ? t("The round is over: %(name)s", { name: text(before.name) }) : "";
}
