/** Giving points one by one, and taking them back. */

import { html, nothing } from "lit-html";
import { announce } from "../../core/announce.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { capOf, choicesOf, spent } from "./points.js";

/** @import {BallotTarget, Factor, Round} from "../../core/records.js" */

const MOST_PIPS = 12;

/** @param {Round} round @param {BallotTarget} target the bucket its points come from */
const bucketOf = (round, target) => (round.targets === "factors" ? undefined : target.factor);

/** @param {Round} round @param {Factor | undefined} factor */
export function meter(round, factor) {
  const used = spent(round, factor?.id);
  const left = round.points - used;
  return html`
    <p class="budget">${round.points <= MOST_PIPS ? html`<span class="pips" aria-hidden="true">${Array.from({ length: round.points }, (_, n) => html`<span class="pip ${n < used ? "pip-spent" : ""}"></span>`)}</span>` : nothing}
      <strong>${tn("%(n)s point to give", "%(n)s points to give", left)}</strong> <span class="muted">${tn("%(n)s at most for one", "%(n)s at most for one", capOf(round))}</span></p>`;
}

/** @param {Round} round @param {BallotTarget} target @param {string} label @param {(choices: Record<string, any>) => void} change */
export function stepper(round, target, label, change) {
  const points = Number(choicesOf(round)[target.id]) || 0;
  const left = round.points - spent(round, bucketOf(round, target));
  const set = (/** @type {number} */ to) => {
    const { [target.id]: _, ...others } = choicesOf(round);
    change(to ? { ...others, [target.id]: to } : others);
    announce(`${tn("%(n)s point here", "%(n)s points here", to)}, ${tn("%(n)s point left", "%(n)s points left", left + points - to)}`);
  };
  return html`
    <div class="stepper" role="group" aria-labelledby="target-${target.id}">
      <button type="button" class="button button-icon" data-act="less" aria-label=${t("Take one back: %(target)s", { target: label })} aria-disabled=${points ? "false" : "true"} @click=${() => points && set(points - 1)}>${icon("minus")}</button>
      <span class="stepper-value">${points}</span>
      <button type="button" class="button button-icon" data-act="more" aria-label=${t("Give one: %(target)s", { target: label })} aria-disabled=${left > 0 && points < capOf(round) ? "false" : "true"} @click=${() => left > 0 && points < capOf(round) && set(points + 1)}>${icon("plus")}</button>
    </div>`;
}
