/** Giving points one by one, five by five, or as a number; where squares count, with what the next vote costs. */

import { html, nothing } from "lit-html";
import { announce } from "../../core/announce.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { WHOLE } from "../../core/lists.js";
import { bucketOf, costOf, limitOf, methodOf, nameOf } from "../../core/methods.js";
import { capOf, choicesOf, choiceWith, left } from "./points.js";

/** @import {BallotTarget, Factor, Round} from "../../core/records.js" */

const MOST_PIPS = 12;
// A hundred points are given in strides.
const STRIDE = 5;

/** @param {Round} round @param {Factor | undefined} factor */
export function meter(round, factor) {
  const limit = limitOf(round);
  const rest = left(round, factor?.id ?? WHOLE);
  const pips = limit <= MOST_PIPS ? html`<span class="pips" aria-hidden="true">${Array.from({ length: limit }, (_, n) => html`<span class="pip ${n < limit - rest ? "pip-spent" : ""}"></span>`)}</span>` : nothing;
  return html`<p class="budget">${pips} <strong>${nameOf(round) === "choose" ? tn("%(n)s choice to make", "%(n)s choices to make", rest) : tn("%(n)s point to give", "%(n)s points to give", rest)}</strong> <span class="muted">${note(round)}</span></p>`;
}

/** @param {Round} round */
function note(round) {
  if (methodOf(round)?.power === 2) return t("Two votes for one cost 4 points, three cost 9.");
  return nameOf(round) === "points" && capOf(round) < limitOf(round) ? tn("%(n)s at most for one", "%(n)s at most for one", capOf(round)) : "";
}

/** What a target has, and what one tap would make of it. @param {Round} round @param {BallotTarget} target */
function steps(round, target) {
  const points = Number(choicesOf(round)[target.id]) || 0;
  const rest = left(round, bucketOf(target));
  const stride = methodOf(round)?.limit ? STRIDE : 1;
  const cost = (/** @type {number} */ to) => costOf(round, to) - costOf(round, points);
  const fits = (/** @type {number} */ to) => cost(to) <= rest && to <= capOf(round);
  const more = fits(points + stride) ? points + stride : methodOf(round)?.limit && rest > 0 ? points + rest : points;
  return { points, rest, stride, cost, more, less: Math.max(0, points - stride) };
}

/** @param {Round} round @param {BallotTarget} target @param {string} label */
export function stepper(round, target, label) {
  const { points, rest, stride, cost, more } = steps(round, target);
  const squares = methodOf(round)?.power === 2;
  const set = (/** @type {number} */ to) => {
    const before = steps(round, target);
    if (to === before.points) return;
    choiceWith(round, target.id, to || undefined);
    const given = squares ? tn("%(n)s vote here", "%(n)s votes here", to) : tn("%(n)s point here", "%(n)s points here", to);
    announce(`${given}, ${tn("%(n)s point left", "%(n)s points left", before.rest - before.cost(to))}`);
  };
  return html`
    <div class="stepper" role="group" aria-labelledby="target-${target.id}">
      <button type="button" class="button button-icon" data-act="less" aria-label=${t("Take one back: %(target)s", { target: label })} aria-disabled=${points ? "false" : "true"} @click=${() => set(steps(round, target).less)}>${icon("minus")}</button>
      ${stride > 1 ? numberField(round, target, label, points, rest, set) : html`<span class="stepper-value">${points}</span>`}
      <button type="button" class="button button-icon" data-act="more" aria-label=${t("Give one: %(target)s", { target: label })} aria-disabled=${more > points ? "false" : "true"} @click=${() => set(steps(round, target).more)}>${icon("plus")}</button>
      ${squares ? html`<span class="stepper-note">${points ? tn("costs %(n)s point", "costs %(n)s points", costOf(round, points)) : ""} <span class="muted">${t("one more: %(n)s", { n: cost(points + 1) })}</span></span>` : nothing}
    </div>`;
}

/** For those who know what they want to give. @param {Round} round @param {BallotTarget} target @param {string} label @param {number} points @param {number} rest @param {(to: number) => void} set */
function numberField(round, target, label, points, rest, set) {
  const most = Math.min(capOf(round), points + rest);
  /** @param {Event} event */
  const take = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const wished = Math.min(most, Math.max(0, Math.trunc(Number(field.value)) || 0));
    field.value = String(wished);
    if (wished !== points) set(wished);
  };
  return html`<input class="input stepper-number" type="number" inputmode="numeric" min="0" max=${most} step="1" data-act="number" aria-label=${t("Points for: %(target)s", { target: label })} .value=${String(points)} @change=${take} />`;
}
