/** Ballots that are answers: approval, consent, scores from 1 to 5. One small group of choices a target. */

import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";

/** @import {BallotTarget, Round} from "../../core/records.js" */
/** @typedef {{value: any, label: string}} Choice */

/** @type {Record<string, () => Choice[]>} */
const METHODS = {
  approval: () => [{ value: true, label: t("I support it") }],
  consent: () => [
    { value: "agree", label: t("I agree") },
    { value: "reserve", label: t("I agree, with a reserve") },
    { value: "opposed", label: t("I am opposed") },
  ],
  score_1_5: () => [1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) })),
};

/** @param {Round} round */
export const isKnown = (round) => round.method === "points" || (round.method ?? "") in METHODS;

/** @param {Round} round @param {BallotTarget} target @param {any} chosen @param {(answer: any) => void} answer */
export function answers(round, target, chosen, answer) {
  const choices = METHODS[round.method ?? ""]?.() ?? [];
  const [only] = choices;
  if (choices.length === 1 && only) {
    return html`<label class="choice"><input type="checkbox" data-act="yes" aria-labelledby="yes-${target.id} target-${target.id}" .checked=${chosen === only.value} @change=${() => answer(chosen === only.value ? undefined : only.value)} /> <span id="yes-${target.id}">${only.label}</span></label>`;
  }
  return html`
    <div class="choices ballot-answers" role="radiogroup" aria-labelledby="target-${target.id}" data-method=${round.method}>
      ${choices.map(({ value, label }) => html`<label class="choice"><input type="radio" name="answer-${target.id}" data-act="answer-${value}" .checked=${chosen === value} @change=${() => answer(value)} /> <span>${label}</span></label>`)}
      ${round.method === "score_1_5" ? html`<p class="hint ballot-scale"><span>${t("1: very weak")}</span> <span>${t("5: very strong")}</span></p>` : nothing}
      ${chosen === undefined ? nothing : html`<button type="button" class="button button-small button-quiet" data-act="none" @click=${() => answer(undefined)}>${t("No answer")}</button>`}
    </div>`;
}
