// The agenda by day: every round with its planned start, kind and state; the running one and the next one stand out. And, when
// asked for, the buttons that change it: each step is a button, none needs a drag.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { rounds } from "../../core/records.js";
import { currentRound } from "../../core/rounds.js";
import { page } from "../../core/session.js";
import { addRound, editRound, isOpen, moveRound, removeRound } from "./agenda-edit.js";
import { byDay, isOver, nextRound } from "./rounds.js";
import { chosenRound, pick } from "./state.js";
import { watch } from "./watch.js";
import { kindIcon, kindWord, stateTag, stateWord } from "./words.js";

/** @import {Round} from "../../core/records.js" */

/** Whether the rows show the buttons that change the agenda. */
const isChanging = signal(false);

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
    <div class="agenda-tools" role="group" aria-label=${t("Change the agenda")} tabindex="-1" data-focus-home>
      <button type="button" class="button button-small" @click=${() => addRound(chosenRound.value)}>${icon("plus")} ${t("New round…")}</button>
      <button type="button" class="button button-small button-quiet" aria-pressed=${isChanging.value ? "true" : "false"} @click=${() => (isChanging.value = !isChanging.value)}>${icon("edit")} ${isChanging.value ? t("Done") : t("Change")}</button>
      <a class="button button-small button-quiet" href=${page.urls.agenda}>${icon("download")} ${t("File")}</a>
    </div>
    ${list.length ? nothing : html`<p class="empty">${t("The agenda is empty. Add a round, or bring in a file.")}</p>`}
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
    <li class="agenda-row" data-row=${round.id} data-state=${round.state} data-place=${place} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, round)}>
      <button type="button" class="agenda-button" data-act="pick" aria-current=${round.id === chosenRound.value?.id ? "step" : nothing} @click=${() => pick(round.id)}>
        <span class="agenda-time">${round.starts}</span>
        <span class="agenda-kind" title=${kindWord(round.kind)}>${icon(kindIcon(round.kind))}<span class="visually-hidden">${kindWord(round.kind)}</span></span>
        <span class="agenda-name">${text(round.name)}</span>
        ${mark(round, place)}
      </button>
      ${isChanging.value && isOpen(round) ? changes(round) : nothing}
    </li>`;
}

/** @param {Round} round */
function changes(round) {
  const name = text(round.name);
  const list = rounds.value;
  const button = (/** @type {string} */ act, /** @type {string} */ symbol, /** @type {string} */ label, /** @type {() => unknown} */ run, disabled = false) =>
    html`<button type="button" class="button button-quiet button-icon agenda-change" data-act=${act} aria-label=${`${label}: ${name}`} title=${label} ?disabled=${disabled} @click=${run}>${icon(symbol)}</button>`;
  return html`
    <div class="agenda-changes" role="group" aria-label=${name}>
      ${button("up", "arrow", t("Earlier"), () => moveRound(round, -1), list[0] === round)}
      ${button("down", "arrow", t("Later"), () => moveRound(round, 1), list[list.length - 1] === round)}
      ${button("edit", "edit", t("Change…"), () => editRound(round))}
      ${round.epoch ? nothing : button("remove", "trash", t("Take out"), () => removeRound(round))}
    </div>`;
}

/** Alt and an arrow move the round that has the focus. @param {KeyboardEvent} event @param {Round} round */
function onKey(event, round) {
  const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (!event.altKey || !by || !isOpen(round)) return;
  event.preventDefault();
  void moveRound(round, by);
}

/** @param {Round} round @param {string} place */
function mark(round, place) {
  if (place === "next") return html`<span class="tag agenda-next">${t("Next")}</span>`;
  if (round.state === "planned") return nothing;
  if (round.state === "published") return html`<span class="agenda-done-mark" title=${stateWord(round)}>${icon("check")}<span class="visually-hidden">${stateWord(round)}</span></span>`;
  return html`<span class=${stateTag(round)}>${stateWord(round)}</span>`;
}
