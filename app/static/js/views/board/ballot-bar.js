/** The line at the foot of a vote: where the ballot is, and what is still to give. */

import { html, nothing } from "lit-html";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { limitOf, nameOf } from "../../core/methods.js";
import { ballotOf, replaceOther } from "../../core/mine.js";
import { factorOf } from "../../core/records.js";
import { link } from "../../core/session.js";
import { mayHere } from "./follow.js";
import { answered, bucketsOf, hasBudget, left } from "./points.js";

/** @import {Round} from "../../core/records.js" */

/** @param {Round} round */
export function ballotBar(round) {
  if (!mayHere("ballot.cast", round)) return nothing;
  return html`<div class="board-bar" role="region" aria-label=${t("Your ballot")}>${where(round)} ${ballotOf(round) ? leftovers(round) : nothing}</div>`;
}

/** @param {Round} round */
function where(round) {
  const ballot = ballotOf(round);
  if (!ballot) return html`<p class="ballot-state">${icon("vote")} ${t("Your ballot is empty. It goes into the urn by itself; you can change it until the close.")}</p>`;
  if (ballot.newest) {
    return html`<p class="ballot-state">${icon("warning")} ${t("The urn holds a newer ballot of this seat, from another device.")}</p>
      <button type="button" class="button button-small" @click=${() => replaceOther(round)}>${t("Replace it with this one")}</button>`;
  }
  if (ballot.code) return html`<p class="ballot-state">${icon("warning")} ${sentence(ballot.code)} ${ballot.inUrn ? t("What was in the urn before still counts.") : ""}</p>`;
  if (!ballot.changed && !ballot.sending) return html`<p class="ballot-state" data-state="in">${icon("check")} ${t("Your ballot is in the urn. It is counted, and you can change it until the close.")}</p>`;
  if (link.value.state !== "online") return html`<p class="ballot-state">${icon("wifi-off")} ${t("Your choices are kept here and sent when the link is back.")}</p>`;
  return html`<p class="ballot-state">${icon("clock")} ${t("On its way to the urn…")}</p>`;
}

/** @param {Round} round */
function leftovers(round) {
  if (hasBudget(round)) return unspent(round);
  const { n, all } = answered(round);
  if (nameOf(round) === "rank") return html`<p class="ballot-left">${t("%(n)s of %(limit)s places", { n, limit: limitOf(round) })}</p>`;
  if (nameOf(round) === "approval") return html`<p class="ballot-left">${t("%(n)s ticked", { n })}</p>`;
  return html`<p class="ballot-left">${n === all ? t("Every one has an answer.") : t("%(n)s of %(all)s answered", { n, all })}</p>`;
}

/** @param {Round} round */
function unspent(round) {
  const list = bucketsOf(round).flatMap((bucket) => {
    const rest = left(round, bucket);
    return rest > 0 ? [restWords(round, rest, text(factorOf(bucket)?.title))] : [];
  });
  if (!list.length) return html`<p class="ballot-left">${nameOf(round) === "choose" ? t("All choices are made.") : t("All points are given.")}</p>`;
  return html`<p class="ballot-left">${list[0]}${list.length > 1 ? ` · ${tn("and on %(n)s more factor", "and on %(n)s more factors", list.length - 1)}` : ""}</p>`;
}

/** @param {Round} round @param {number} rest @param {string} factor empty: the whole round */
function restWords(round, rest, factor) {
  if (nameOf(round) === "choose") return factor ? tn("%(n)s choice left on %(factor)s", "%(n)s choices left on %(factor)s", rest, { factor }) : tn("%(n)s choice left", "%(n)s choices left", rest);
  return factor ? tn("%(n)s point left on %(factor)s", "%(n)s points left on %(factor)s", rest, { factor }) : tn("%(n)s point left", "%(n)s points left", rest);
}
