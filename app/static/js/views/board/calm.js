/** When nothing is asked of people: what is happening, what comes next, and the board to read below. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { formatTime, t, text, tn } from "../../core/i18n.js";
import { ballotOf, ownCards } from "../../core/mine.js";
import { factors, rounds, sheets } from "../../core/records.js";
import { isLive, isShownAtOnce, isVoting, isWriting, nextRounds } from "../../core/rounds.js";
import { page, presence } from "../../core/session.js";
import { roomDesk } from "../desk/room.js";
import { may } from "../sheets/may.js";
import { later } from "./later.js";
import { ownCard } from "./own-card.js";

/** @import {Round} from "../../core/records.js" */


/** @type {Record<string, () => string>} */
const WORDS = {
  setup: () => t("Arrive, settle in, and look whether this page follows: the board is below."),
  brief: () => t("Listen: there is nothing to do on this page now."),
  break: () => t("A break. This page follows by itself when the seminar goes on."),
  discuss: () => t("The room is talking. The board is below; what is said about it appears at once."),
  cluster: () => t("The tables group the actions. You see each move as it is made."),
};

/** @param {Round} round */
function briefPanel(round) {
  const told = text(round.instruction);
  // Of a talk the instruction says it all.
  const first = (round.kind === "brief" && told) || wordsOf(round);
  return html`
    <section class="panel calm">
      <p class="calm-words">${first}</p>
      ${told && told !== first ? html`<p>${told}</p>` : nothing}
      ${round.kind === "break" && round.ends_at_ms ? html`<p><strong>${t("We go on at %(time)s", { time: formatTime(round.ends_at_ms) })}</strong></p>` : nothing}
      ${next(round.kind === "discuss" ? 1 : 3)}
    </section>
    ${round.kind === "brief" || round.kind === "discuss" ? later.value?.journal() : nothing}`;
}

/** Also for those who watch while others write or vote. @param {Round} round */
function wordsOf(round) {
  if (isVoting(round)) return t("The room is voting. Nobody sees a figure before the vote is published.");
  if (isWriting(round)) return round.release === "batched" ? t("The room is writing. Actions appear here in batches, without names.") : isShownAtOnce(round) ? t("The room is writing. Actions appear here as they come.") : t("The room is writing, sealed. Nobody can read anything before the facilitator opens the round.");
  return WORDS[round.kind]?.() ?? t("The room is at work. The board is below.");
}

/** Between two rounds, and before the first. */
function restPanel() {
  const began = rounds.value.some((round) => round.epoch > 0);
  const last = [...rounds.value].reverse().find((round) => round.state === "published" && round.epoch > 0);
  return html`
    <section class="panel calm">
      <p class="calm-words">${began ? t("The facilitator is preparing what comes next. This page follows by itself.") : t("Welcome. The seminar begins in a moment, and this page follows by itself.")}</p>
      ${last?.unshown ? html`<p>${icon("lock")} ${tn("%(n)s text was not shown: fewer than five people wrote.", "%(n)s texts were not shown: fewer than five people wrote.", last.unshown)}</p>` : nothing}
      ${next(began ? 1 : 3)}
    </section>`;
}

/** Closed, and not yet opened. @param {Round} round */
function closedPanel(round) {
  const own = factors.value.flatMap(({ id }) => ownCards(round, id));
  return html`
    <section class="panel calm">
      <p class="calm-words">${isLive(round) ? t("Your table has finished. Another one has a little longer; this page follows by itself.") : isVoting(round) ? t("The urn is closed. The facilitator will count and publish it for everybody at once.") : isWriting(round) ? t("The facilitator is reading the actions before they appear for everybody.") : t("The round is closed.")}</p>
      ${isVoting(round) ? html`${ballotOf(round)?.inUrn ? html`<p>${icon("check")} ${t("Your ballot is in the urn. It is counted.")}</p>` : nothing}<p class="muted">${t("Nobody has seen a figure yet.")}</p>` : nothing}
      ${own.length ? html`<h2 class="board-sub">${t("Your actions")} <span class="count">${own.length}</span></h2><ul class="cards">${own.map((text) => ownCard(text, null))}</ul>` : nothing}
      ${next(1)}
    </section>`;
}

/** @param {number} [many] */
function next(many = 3) {
  const list = nextRounds(rounds.value).slice(0, many);
  const online = presence.value.online ?? 0;
  return html`
    ${list.length ? html`<div><h2 class="board-sub">${t("What comes next")}</h2><ol class="calm-next">${list.map((round) => html`<li><span class="numeric">${round.starts}</span> <span>${text(round.name)}</span> <span class="muted">${tn("%(n)s min", "%(n)s min", round.minutes)}</span></li>`)}</ol></div>` : nothing}
    ${sheets.value.length || may("sheet.fill") ? html`<p><a class="button" href=${page.urls["sheets"] ?? ""}>${icon("edit")} ${t("Action sheets")}</a></p>` : nothing}
    ${online ? html`<p class="muted">${icon("people")} ${tn("%(n)s device connected", "%(n)s devices connected", online)}</p>` : nothing}`;
}

/**
 * What the page says while there is nothing to do on it.
 * @param {import("../../core/records.js").Round | undefined} round
 * @param {string} phase
 */
export function calmPanel(round, phase) {
  const panel = !round || phase === "rest" ? restPanel() : phase === "closed" ? closedPanel(round) : briefPanel(round);
  // Whoever has a desk has something to do: it opens by itself, and first.
  return page.desk.length ? html`${roomDesk()} ${panel}` : panel;
}
