/** Ballots that are answers: approval, a few of many, consent, scores on one scale or several. One small group of choices a target. */

import { html, nothing } from "lit-html";
import { RESERVE_CHARS, SCORES } from "../../contract-later.js";
import { announce } from "../../core/announce.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { criterionWords } from "../../core/criteria.js";
import { bucketOf, criteriaOf } from "../../core/methods.js";
import { choicesOf, choiceWith, hasBudget, left } from "./points.js";
import { warningAbout } from "./wording.js";

/** @import {BallotTarget, Round} from "../../core/records.js" */
/** @typedef {{value: any, label: string}} Choice */

/** One mark, while there are any. @param {Round} round @param {BallotTarget} target */
export function mark(round, target) {
  const isChosen = () => choicesOf(round)[target.id] === true;
  const isFull = () => hasBudget(round) && !isChosen() && left(round, bucketOf(target)) < 1;
  /** Asked anew: two quick taps come before the page is drawn again. @param {Event} event */
  const change = (event) => {
    if (isFull()) {
      /** @type {HTMLInputElement} */ (event.target).checked = false;
      return announce(t("No choice is left: take another one back first."));
    }
    choiceWith(round, target.id, isChosen() ? undefined : true);
  };
  const full = isFull();
  const words = hasBudget(round) ? t("I choose it") : t("I support it");
  return html`<label class="choice" ?data-full=${full}><input type="checkbox" data-act="yes" aria-labelledby="yes-${target.id} target-${target.id}" aria-disabled=${full ? "true" : "false"} .checked=${isChosen()} @change=${change} /> <span id="yes-${target.id}">${words}</span></label>`;
}

/** @param {Round} round @param {BallotTarget} target */
export function scoreAnswers(round, target) {
  const ends = target.table === "questions" ? [t("1: not at all"), t("5: fully")] : ENDS();
  return scale(`answer-${target.id}`, `target-${target.id}`, choicesOf(round)[target.id], (score) => choiceWith(round, target.id, score), ends);
}

/** What the two ends of a scale mean. */
const ENDS = () => [t("1: very weak"), t("5: very strong")];

/** Each criterion a scale of its own. @param {Round} round @param {BallotTarget} target */
export function criteriaAnswers(round, target) {
  const scores = choicesOf(round)[target.id] ?? {};
  return criteriaOf(round).map((criterion) => {
    const title = `criterion-${criterion}-${target.id}`;
    const answer = (/** @type {number | undefined} */ score) => {
      const { [criterion]: _, ...others } = choicesOf(round)[target.id] ?? {};
      const after = score === undefined ? others : { ...others, [criterion]: score };
      choiceWith(round, target.id, Object.keys(after).length ? after : undefined);
    };
    return html`<div class="ballot-criterion"><p class="ballot-criterion-name" id=${title}>${criterionWords(criterion)}</p>${scale(`${title}-answer`, `${title} target-${target.id}`, scores[criterion], answer)}</div>`;
  });
}

/** @param {string} name @param {string} titles ids of what it is about @param {number | undefined} chosen @param {(score: number | undefined) => void} answer @param {string[]} [ends] */
function scale(name, titles, chosen, answer, ends = ENDS()) {
  return html`
    <div class="choices ballot-answers ballot-scores" role="radiogroup" aria-labelledby=${titles}>
      ${SCORES.map((score) => radio(name, { value: score, label: String(score) }, chosen === score, () => answer(score)))}
      ${radio(name, { value: "unknown", label: t("I don’t know") }, chosen === undefined, () => answer(undefined))}
      <p class="hint ballot-scale" aria-hidden="true">${ends.map((end) => html`<span>${end}</span>`)}</p>
    </div>`;
}

/** @param {string} name @param {Choice} choice @param {boolean} checked @param {() => void} pick */
const radio = (name, { value, label }, checked, pick) =>
  html`<label class="choice" data-value=${value}><input type="radio" name=${name} data-act="answer-${value}" .checked=${checked} @change=${pick} /> <span>${label}</span></label>`;

/** @type {Record<string, () => string>} */
const CONSENT = {
  agree: () => t("I agree"),
  reserve: () => t("I agree, with a reserve"),
  opposed: () => t("I am opposed"),
};

/** @param {Round} round @param {BallotTarget} target */
export function consentAnswers(round, target) {
  const choice = choicesOf(round)[target.id];
  const chosen = typeof choice === "object" ? "reserve" : choice;
  return html`
    <div class="choices ballot-answers" role="radiogroup" aria-labelledby="target-${target.id}">
      ${Object.entries(CONSENT).map(([value, label]) => radio(`answer-${target.id}`, { value, label: label() }, chosen === value, () => choiceWith(round, target.id, value)))}
      ${chosen === undefined ? nothing : html`<button type="button" class="button button-small button-quiet" data-act="none" @click=${() => choiceWith(round, target.id, undefined)}>${t("No answer")}</button>`}
    </div>
    ${chosen === "reserve" ? reserve(round, target, choice?.reserve ?? "") : nothing}`;
}

/** What the reserve is. @param {Round} round @param {BallotTarget} target @param {string} words */
function reserve(round, target, words) {
  const warning = words && warningAbout(words);
  /** @param {Event} event */
  const keep = (event) => choiceWith(round, target.id, { reserve: /** @type {HTMLTextAreaElement} */ (event.target).value });
  return html`
    <div class="field ballot-reserve">
      <label for="reserve-${target.id}">${t("Which reserve?")}</label>
      <textarea class="input" autocomplete="off" id="reserve-${target.id}" data-act="reserve" rows="2" maxlength=${RESERVE_CHARS} aria-describedby="reserve-hint-${target.id}" .value=${words} @input=${keep}></textarea>
      <p class="hint" id="reserve-hint-${target.id}">${t("Shown without your name and apart from your other answers, once five people have written a reserve. Empty is allowed.")}</p>
      ${warning ? html`<p class="field-error">${icon("warning")} ${warning}</p>` : nothing}
    </div>`;
}
