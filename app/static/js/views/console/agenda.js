// The agenda by day: every round with its planned start, kind and state; the running one and the next one stand out.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { rounds } from "../../core/records.js";
import { currentRound } from "../../core/rounds.js";
import { byDay, isOver, nextRound } from "./rounds.js";
import { chosenRound, pick } from "./state.js";
import { watch } from "./watch.js";
import { kindIcon, kindWord, stateTag, stateWord } from "./words.js";

/** @import {Round} from "../../core/records.js" */

/** @param {HTMLElement} root */
export const mount = (root) => watch(root, view);

/** Brings the round that matters into view, once the page is there. @param {HTMLElement} root */
export function showCurrent(root) {
  const row = root.querySelector("[aria-current]");
  if (row) root.scrollTop = Math.max(0, /** @type {HTMLElement} */ (row).offsetTop - root.clientHeight / 3);
}

function view() {
  const list = rounds.value;
  const now = currentRound(list);
  const next = nextRound(list);
  return html`
    <h2 class="console-title">${t("Agenda")} <span class="muted agenda-done">${done(list)}</span></h2>
    ${byDay(list).map(
      (day) => html`
        <h3 class="agenda-day">${t("Day %(n)s", { n: day.day })}</h3>
        <ol class="agenda-list">
          ${repeat(day.rounds, (round) => round.id, (round) => row(round, now, next))}
        </ol>`,
    )}`;
}

/** @param {Round[]} list */
const done = (list) => t("%(done)s of %(all)s done", { done: list.filter(isOver).length, all: list.length });

/** @param {Round} round @param {Round | undefined} now @param {Round | undefined} next */
function row(round, now, next) {
  const place = round === now ? "now" : round === next ? "next" : "";
  return html`
    <li class="agenda-row" data-state=${round.state} data-place=${place}>
      <button type="button" class="agenda-button" aria-current=${round.id === chosenRound.value?.id ? "step" : nothing} @click=${() => pick(round.id)}>
        <span class="agenda-time">${round.starts}</span>
        <span class="agenda-kind" title=${kindWord(round.kind)}>${icon(kindIcon(round.kind))}<span class="visually-hidden">${kindWord(round.kind)}</span></span>
        <span class="agenda-name">${text(round.name)}</span>
        ${mark(round, place)}
      </button>
    </li>`;
}

/** @param {Round} round @param {string} place */
function mark(round, place) {
  if (place === "next") return html`<span class="tag agenda-next">${t("Next")}</span>`;
  if (round.state === "planned") return nothing;
  if (round.state === "published") return html`<span class="agenda-done-mark" title=${stateWord(round)}>${icon("check")}<span class="visually-hidden">${stateWord(round)}</span></span>`;
  return html`<span class=${stateTag(round)}>${stateWord(round)}</span>`;
}
