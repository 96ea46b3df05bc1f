/** Voting: the list in an order of one's own, points or answers, and always in sight whether the ballot is in the urn. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { fnv1a } from "../../core/digest.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { ballotOf, choose, mine, replaceOther } from "../../core/mine.js";
import { cards, clusters, factorOf, factors } from "../../core/records.js";
import { link } from "../../core/session.js";
import { answers, isKnown } from "./answers.js";
import { factorHead } from "./factor-head.js";
import { mayHere } from "./follow.js";
import { choicesOf, spent, targetsOf } from "./points.js";
import { meter, stepper } from "./stepper.js";

/** @import {BallotTarget, Factor, Round} from "../../core/records.js" */

/** In an order of this seat's own, so that no place on the list is an advantage. @param {BallotTarget[]} targets */
const inOwnOrder = (targets) => [...targets].sort((a, b) => fnv1a(mine.value.seed + a.id) - fnv1a(mine.value.seed + b.id));

/** @param {Round} round @param {Factor | undefined} factor undefined: one list for the round */
export function voteView(round, factor) {
  const targets = inOwnOrder(targetsOf(round, factor?.id));
  return html`
    ${factor ? factorHead(factor) : nothing}
    ${!isKnown(round) ? html`<p class="notice">${icon("info")} ${t("This version cannot take this kind of vote. The facilitator will tell you how to go on.")}</p>` : nothing}
    ${round.method === "points" && targets.length ? meter(round, factor) : nothing}
    ${targets.length ? html`<ul class="cards ballot">${repeat(targets, ({ id }) => id, (target) => row(round, target))}</ul>` : nothingHere(round)}`;
}

/** @param {Round} round */
function nothingHere(round) {
  const elsewhere = factors.value.filter(({ id }) => targetsOf(round, id).length).map(({ number }) => number);
  return html`<div class="empty">${icon("vote")}<p class="empty-title">${t("Nothing to vote on under this factor")}</p>
    ${elsewhere.length ? html`<p>${t("The list has actions under: %(list)s", { list: elsewhere.join(", ") })}</p>` : nothing}</div>`;
}

/** @param {Round} round @param {BallotTarget} target */
function row(round, target) {
  const label = labelOf(target);
  return html`
    <li class="card ballot-row" data-id=${target.id} data-factor-number=${factorOf(target.factor)?.number ?? nothing} tabindex="-1">
      <div class="ballot-words"><p class="card-text" id="target-${target.id}" dir="auto">${label}</p>${inside(target)}</div>
      ${!isKnown(round) ? nothing : round.method === "points" ? stepper(round, target, label, (choices) => choose(round, choices)) : answers(round, target, choicesOf(round)[target.id], (answer) => answerWith(round, target, answer))}
    </li>`;
}

/** @param {BallotTarget} target @returns {string} */
export function labelOf({ table, id }) {
  if (table === "factors") {
    const factor = factorOf(id);
    return factor ? `${factor.number}. ${text(factor.title)}` : "";
  }
  if (table === "cards") return cards.value.find((card) => card.id === id)?.text ?? "";
  const first = cards.value.find((card) => card.cluster === id);
  return clusters.value.find((cluster) => cluster.id === id)?.name || t("Group without a name: %(first)s", { first: first?.text ?? "" });
}

/** @param {BallotTarget} target */
function inside({ table, id }) {
  if (table === "factors") return text(factorOf(id)?.help) ? html`<p class="card-note">${text(factorOf(id)?.help)}</p>` : nothing;
  const list = cards.value.filter((card) => table === "clusters" && card.cluster === id && card.state === "published");
  if (!list.length) return nothing;
  return html`<details><summary>${tn("%(n)s action", "%(n)s actions", list.length)}</summary><ul class="ballot-inside">${list.map((card) => html`<li dir="auto">${card.text}</li>`)}</ul></details>`;
}

/** @param {Round} round @param {BallotTarget} target @param {any} answer undefined takes it back */
function answerWith(round, target, answer) {
  const { [target.id]: _, ...others } = choicesOf(round);
  choose(round, answer === undefined ? others : { ...others, [target.id]: answer });
}

/** The line at the foot: where the ballot is, and what is still to give. @param {Round} round */
export function ballotBar(round) {
  if (!mayHere("ballot.cast", round)) return nothing;
  return html`<div class="board-bar" role="region" aria-label=${t("Your ballot")}>${where(round)} ${leftovers(round)}</div>`;
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
  if (!ballot.changed && !ballot.sending) return html`<p class="ballot-state" data-state="in">${icon("check")} ${t("Your ballot is in the urn. You can change it until the close.")}</p>`;
  if (link.value.state !== "online") return html`<p class="ballot-state">${icon("wifi-off")} ${t("Your choices are kept here and sent when the link is back.")}</p>`;
  return html`<p class="ballot-state">${icon("clock")} ${t("On its way to the urn…")}</p>`;
}

/** @param {Round} round */
function leftovers(round) {
  if (round.method !== "points" || !ballotOf(round)) return nothing;
  const open = round.targets === "factors" ? [undefined] : factors.value.filter(({ id }) => targetsOf(round, id).length);
  const list = open.flatMap((factor) => {
    const left = round.points - spent(round, factor?.id);
    return left > 0 ? [factor ? tn("%(n)s point left on %(factor)s", "%(n)s points left on %(factor)s", left, { factor: text(factor.title) }) : tn("%(n)s point left", "%(n)s points left", left)] : [];
  });
  if (!list.length) return html`<p class="ballot-left">${t("All points are given.")}</p>`;
  return html`<p class="ballot-left">${list[0]}${list.length > 1 ? ` · ${tn("and on %(n)s more factor", "and on %(n)s more factors", list.length - 1)}` : ""}</p>`;
}
