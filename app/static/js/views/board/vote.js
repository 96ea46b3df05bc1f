/** Voting: the list in an order of one's own, and for each way of voting its form. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { fnv1a } from "../../core/digest.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { nameOf } from "../../core/methods.js";
import { mine } from "../../core/mine.js";
import { cards, clusters, factorOf, factors, sheets } from "../../core/records.js";
import { consentAnswers, criteriaAnswers, mark, scoreAnswers } from "./answers.js";
import { factorHead } from "./factor-head.js";
import { hasBudget, targetsOf } from "./points.js";
import { rankForm } from "./rank-form.js";
import { meter, stepper } from "./stepper.js";

/** @import {BallotTarget, Factor, Round} from "../../core/records.js" */
/** @typedef {(round: Round, target: BallotTarget, label: string) => unknown} Form */

/** @type {Record<string, Form>} */
const FORMS = {
  points: stepper,
  hundred: stepper,
  quadratic: stepper,
  approval: mark,
  choose: mark,
  score_1_5: scoreAnswers,
  criteria_1_5: criteriaAnswers,
  consent: consentAnswers,
};
// These take the width of the page; a number or a tick stands beside its words.
const WIDE = new Set(["score_1_5", "criteria_1_5", "consent"]);

/** In an order of this seat's own, so that no place on the list is an advantage; questions stay as they were put. @param {BallotTarget[]} targets */
const inOwnOrder = (targets) =>
  targets.every(({ table }) => table === "questions") ? targets : [...targets].sort((a, b) => fnv1a(mine.value.seed + a.id) - fnv1a(mine.value.seed + b.id));

/** @param {Round} round @param {Factor | undefined} factor undefined: one list for the round */
export function voteView(round, factor) {
  const targets = inOwnOrder(targetsOf(round, factor?.id));
  const name = nameOf(round);
  const form = FORMS[name];
  return html`
    ${factor ? factorHead(factor) : nothing}
    ${!form && name !== "rank" ? html`<p class="notice">${icon("info")} ${t("This version cannot take this kind of vote. The facilitator will tell you how to go on.")}</p>` : nothing}
    ${hasBudget(round) && targets.length ? meter(round, factor) : nothing}
    ${!targets.length ? nothingHere(round) : name === "rank" ? rankForm(round, targets, labelOf, wordsOf) : html`<ul class="cards ballot">${repeat(targets, ({ id }) => id, (target) => row(round, target, form))}</ul>`}`;
}

/** @param {Round} round */
function nothingHere(round) {
  const elsewhere = factors.value.filter(({ id }) => targetsOf(round, id).length).map(({ number }) => number);
  return html`<div class="empty">${icon("vote")}<p class="empty-title">${t("Nothing to vote on under this factor")}</p>
    ${elsewhere.length ? html`<p>${t("The list has actions under: %(list)s", { list: elsewhere.join(", ") })}</p>` : nothing}</div>`;
}

/** @param {Round} round @param {BallotTarget} target @param {Form | undefined} form */
const row = (round, target, form) => html`
  <li class="card ballot-row ${WIDE.has(nameOf(round)) ? "ballot-row-wide" : ""}" data-id=${target.id} data-factor-number=${factorOf(target.factor)?.number ?? nothing} tabindex="-1">
    ${wordsOf(target)} ${form?.(round, target, labelOf(target)) ?? nothing}
  </li>`;

/** @param {BallotTarget} target */
const wordsOf = (target) => html`<div class="ballot-words"><p class="card-text" id="target-${target.id}" dir="auto">${labelOf(target)}</p>${inside(target)}</div>`;

/** @param {BallotTarget} target @returns {string} */
export function labelOf({ table, id, words }) {
  if (words) return text(words);
  if (table === "factors") {
    const factor = factorOf(id);
    return factor ? `${factor.number}. ${text(factor.title)}` : "";
  }
  if (table === "sheets") return sheets.value.find((sheet) => sheet.id === id)?.title ?? "";
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
