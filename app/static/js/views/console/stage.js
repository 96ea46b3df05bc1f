// The middle of the console: the one round, its rules in words, the clock, and the buttons that lead on.

import { computed } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { repeat } from "lit-html/directives/repeat.js";
import { sentence } from "../../core/errors.js";
import { t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { cards, factorOf, rounds } from "../../core/records.js";
import { currentRound, isWriting } from "../../core/rounds.js";
import { link, page, presence } from "../../core/session.js";
import { faceOf } from "./clock.js";
import { checklistView } from "./checklist.js";
import { isWaiting } from "./commands.js";
import { tablesView } from "./tables.js";
import { nextRound } from "./rounds.js";
import { rulesInWords, scopeByTable } from "./rules.js";
import { run } from "./run.js";
import { chosenRound, pick } from "./state.js";
import { dangerousSteps, otherSteps, primaryStep, track } from "./steps.js";
import { turnoutLine } from "./turnout.js";
import { watch } from "./watch.js";
import { closingWord, kindIcon, kindWord, otherLanguage, stateTag, stateWord } from "./words.js";

/** @import {Round} from "../../core/records.js" */
/** @import {Step, StepId} from "./steps.js" */

const face = faceOf(() => chosenRound.value);
const isClosing = computed(() => face.value?.state === "closing");

/** @param {{head: HTMLElement, rules: HTMLElement, clock: HTMLElement, steps: HTMLElement, tables: HTMLElement}} roots */
export function mount({ head, rules, clock, steps, tables }) {
  watch(head, headView);
  watch(rules, rulesView);
  watch(clock, clockView);
  watch(steps, stepsView);
  watch(tables, () => (chosenRound.value ? tablesView(chosenRound.value, face.value) : nothing));
}

function headView() {
  const round = chosenRound.value;
  if (!round) return html`<h2>${t("No agenda yet")}</h2><p>${t("Import an agenda, or start from the template.")}</p>`;
  return html`
    ${elsewhere(round)}
    <div class="stage-line">
      <p class="stage-kind">${icon(kindIcon(round.kind))} ${kindWord(round.kind)}</p>
      <p class="stage-when">${t("Day %(n)s", { n: round.day })} · ${round.starts}</p>
      <p class=${stateTag(round)}>${isClosing.value ? closingWord() : stateWord(round)}</p>
      ${round.reopened ? html`<p class="muted">${tn("reopened once", "reopened %(n)s times", round.reopened)}</p>` : nothing}
    </div>
    <h2 class="stage-name">${text(round.name)}</h2>
    ${otherName(round)}
    ${absentView(round)}
    ${round.state === "planned" && round.held_up ? html`<p class="notice">${icon("warning")} <span>${t("It did not start by itself.")} ${sentence(round.held_up.code, round.held_up.data)}</span></p>` : nothing}
    ${round.unshown ? html`<p class="notice">${icon("info")} ${tn("%(n)s text is not shown: fewer than five people wrote.", "%(n)s texts are not shown: fewer than five people wrote.", round.unshown)}</p>` : nothing}`;
}

/** Texts that may be under way on devices that were away; a late round takes them. @param {Round} round */
function absentView(round) {
  const absent = presence.value.absent;
  if (!absent?.count || absent.round !== round.id || absent.epoch !== round.epoch || !isWriting(round)) return nothing;
  return html`<p class="notice">${icon("wifi-off")} <span>${tn("%(n)s device was offline when it closed: its texts are kept there as drafts.", "%(n)s devices were offline when it closed: their texts are kept there as drafts.", absent.count)} ${t("“Late round…” takes them.")}</span></p>`;
}

/** The name in the other language: half the room reads that one. @param {Round} round */
function otherName(round) {
  const lang = otherLanguage(page.lang);
  const name = round.name[lang];
  return name && name !== text(round.name) ? html`<p class="stage-other" lang=${lang}>${name}</p>` : nothing;
}

/** A way back when something else is on. @param {Round} round */
function elsewhere(round) {
  const now = currentRound(rounds.value);
  if (!now || now.id === round.id) return nothing;
  return html`
    <p class="stage-elsewhere">
      ${icon(kindIcon(now.kind))} <span>${stateWord(now)} · <strong>${text(now.name)}</strong></span>
      <button type="button" class="button button-small" @click=${() => pick(now.id)}>${t("Show it")}</button>
    </p>`;
}

function rulesView() {
  const round = chosenRound.value;
  if (!round) return nothing;
  const rules = rulesInWords(round);
  const scope = scopeByTable(round, (factor) => factorOf(factor)?.number ?? 0);
  return html`
    ${text(round.instruction) ? html`<p class="stage-instruction">${text(round.instruction)}</p>` : nothing}
    ${rules.length ? html`<ul class="stage-rules">${rules.map((rule) => html`<li>${rule}</li>`)}</ul>` : nothing}
    ${checklistView(round)}
    ${scope.length && scope.length <= 12
      ? html`<ul class="stage-scope" aria-label=${t("Factors by table")}>
          ${scope.map(({ table, numbers }) => html`<li><span>${table}</span> ${numbers.map(number)}</li>`)}
        </ul>`
      : nothing}`;
}

/** @param {number} n */
const number = (n) => html`<span class="factor-number" data-factor-number=${n}>${n}</span>`;

function clockView() {
  const now = face.value;
  const round = chosenRound.value;
  if (!now || !round) return turnoutLine(round);
  return html`
    <p class="countdown clock-digits" role="timer" data-state=${now.state} aria-label=${round.state === "planned" ? t("Planned length") : t("Time left")}>${now.digits}</p>
    ${now.over ? html`<p class="clock-over">${t("%(time)s past the end", { time: now.over })}</p>` : nothing}
    ${turnoutLine(round)}`;
}

/** The button that leads on is a new one at each step: whoever pressed Start must not press Close with the next Space. */
function stepsView() {
  const round = chosenRound.value;
  if (!round) return nothing;
  const busy = isWaiting(round);
  const inReview = cards.value.filter((card) => card.round === round.id && card.state === "review").length;
  const primary = primaryStep(round, { next: nextRound(rounds.value, round), inReview });
  return html`
    <ol class="track" aria-label=${t("Where the round stands")}>
      ${track(round).map((stop) => html`<li data-state=${stop.state} aria-current=${stop.state === "now" ? "step" : nothing}>${stop.label}</li>`)}
    </ol>
    <div class="steps-row" role="group" aria-label=${t("Commands")} tabindex="-1" data-focus-home @keydown=${noRepeat}>
      ${keyed(primary.id, html`
        <button type="button" class="button button-primary button-large steps-primary" aria-disabled=${busy} @click=${press(primary.id, round)}>
          ${icon(primary.icon)} <span>${busy ? (link.value.state === "online" ? t("Sending…") : t("Waiting for the link…")) : primary.label}</span>
        </button>`)}
      <div class="steps-others" role="group" aria-label=${t("Other commands")}>${repeat(otherSteps(round), (step) => step.id, (step) => other(step, round, busy))}</div>
      ${repeat(dangerousSteps(round), (step) => step.id, (step) => other(step, round, busy))}
    </div>`;
}

/** A held Enter would start a round and close it again: the button means the next step a moment later. @param {KeyboardEvent} event */
const noRepeat = (event) => event.repeat && event.preventDefault();

/** So would the second half of a double click. @param {StepId} step @param {Round} round */
const press = (step, round) => (/** @type {MouseEvent} */ event) => {
  if (event.detail < 2 && !isWaiting(round)) void run(step, round);
};

/** @param {Step} step @param {Round} round @param {boolean} busy */
function other(step, round, busy) {
  const kind = step.id === "void" ? "button button-small button-danger steps-destroy" : "button button-small";
  return html`
    <button type="button" class=${kind} title=${step.title ?? nothing} aria-disabled=${busy} @click=${press(step.id, round)}>
      ${icon(step.icon)} <span>${step.label}</span>
    </button>`;
}
