/** Choosing and ranking: tap to add, buttons to move, drag as an extra. The own order on top, what is left below it. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { announce } from "../../core/announce.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { limitOf } from "../../core/methods.js";
import { choose } from "../../core/mine.js";
import { factorOf } from "../../core/records.js";
import { choicesOf } from "./points.js";

/** @import {TemplateResult} from "lit-html" */
/** @import {BallotTarget, Round} from "../../core/records.js" */
/** @typedef {(target: BallotTarget) => string} LabelOf */
/** @typedef {(target: BallotTarget) => unknown} Words */

/** The ids in their order. @param {Round} round @returns {string[]} */
const ranked = (round) => Object.entries(choicesOf(round)).sort(([, a], [, b]) => a - b).map(([id]) => id);

/** @param {Round} round @param {string[]} order */
const keep = (round, order) => choose(round, Object.fromEntries(order.map((id, place) => [id, place + 1])));

/** What is being dragged; it leaves this list only to come back to it. */
let dragged = "";

/** @param {Round} round @param {BallotTarget[]} targets in the order of this seat @param {LabelOf} labelOf @param {Words} wordsOf */
export function rankForm(round, targets, labelOf, wordsOf) {
  const order = ranked(round);
  const byId = new Map(targets.map((target) => [target.id, target]));
  const own = order.flatMap((id) => byId.get(id) ?? []);
  const others = targets.filter(({ id }) => !order.includes(id));
  const limit = limitOf(round);
  return html`
    <section class="rank" aria-labelledby="rank-title">
      <h2 class="board-sub" id="rank-title">${t("Your order")} <span class="muted">${t("%(n)s of %(limit)s places", { n: own.length, limit })}</span></h2>
      ${own.length ? nothing : html`<p class="hint">${t("Add from the list below: the first one you add comes first, and you can move it later.")}</p>`}
      <ol class="rank-own">${repeat(own, ({ id }) => id, (target, place) => rankedRow(round, target, labelOf(target), place, order))}</ol>
    </section>
    <section class="rank" aria-labelledby="rank-rest">
      <h2 class="board-sub" id="rank-rest">${t("To choose from")} <span class="count">${others.length}</span></h2>
      <ul class="cards rank-rest">${repeat(others, ({ id }) => id, (target) => restRow(round, target, labelOf(target), order, wordsOf))}</ul>
    </section>`;
}

/** @param {Round} round @param {BallotTarget} target @param {string} label @param {number} place @param {string[]} order @returns {TemplateResult} */
function rankedRow(round, target, label, place, order) {
  const { id } = target;
  // From the order as it is now: a second tap may come before the first is drawn.
  const move = (/** @type {number} */ by) => {
    const now = ranked(round);
    const to = now.indexOf(id) + by;
    if (to < 0 || to >= now.length) return;
    const after = now.filter((other) => other !== id);
    after.splice(to, 0, id);
    keep(round, after);
    announce(t("%(target)s: place %(place)s", { target: label, place: to + 1 }));
  };
  const remove = () => {
    keep(round, ranked(round).filter((other) => other !== id));
    announce(t("Taken out: %(target)s", { target: label }));
  };
  const last = place === order.length - 1;
  const grip = {
    start: () => (dragged = id),
    over: (/** @type {DragEvent} */ event) => order.includes(dragged) && event.preventDefault(),
    drop: (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      if (!order.includes(dragged) || dragged === id) return;
      const after = order.filter((other) => other !== dragged);
      after.splice(place, 0, dragged);
      keep(round, after);
    },
  };
  return html`
    <li class="card rank-row" data-id=${id} data-factor-number=${factorOf(target.factor)?.number ?? nothing} tabindex="-1" draggable="true" @dragstart=${grip.start} @dragover=${grip.over} @drop=${grip.drop} @dragend=${() => (dragged = "")}>
      <span class="rank-place" aria-hidden="true">${place + 1}</span>
      <p class="card-text" dir="auto"><span class="visually-hidden">${t("Place %(place)s:", { place: place + 1 })}</span> ${label}</p>
      <div class="rank-buttons" role="group" aria-label=${label}>
        <button type="button" class="button button-icon" data-act="up" aria-label=${t("Move up: %(target)s", { target: label })} aria-disabled=${place ? "false" : "true"} @click=${() => move(-1)}>${icon("arrow")}</button>
        <button type="button" class="button button-icon" data-act="down" aria-label=${t("Move down: %(target)s", { target: label })} aria-disabled=${last ? "true" : "false"} @click=${() => move(1)}>${icon("arrow")}</button>
        <button type="button" class="button button-icon" data-act="out" aria-label=${t("Take out: %(target)s", { target: label })} @click=${remove}>${icon("close")}</button>
      </div>
    </li>`;
}

/** @param {Round} round @param {BallotTarget} target @param {string} label @param {string[]} order @param {Words} wordsOf @returns {TemplateResult} */
function restRow(round, target, label, order, wordsOf) {
  const limit = limitOf(round);
  const full = order.length >= limit;
  const add = () => {
    const now = ranked(round);
    if (now.length >= limit) return announce(tn("The %(n)s place is taken: take one out first.", "All %(n)s places are taken: take one out first.", limit));
    keep(round, [...now, target.id]);
    announce(t("%(target)s: place %(place)s", { target: label, place: now.length + 1 }));
  };
  return html`
    <li class="card ballot-row" data-id=${target.id} data-factor-number=${factorOf(target.factor)?.number ?? nothing} tabindex="-1">
      ${wordsOf(target)}
      <button type="button" class="button" data-act="add" aria-disabled=${full ? "true" : "false"} aria-label=${full ? t("All places are taken: %(target)s", { target: label }) : t("Add as number %(place)s: %(target)s", { place: order.length + 1, target: label })} @click=${add}>${icon("plus")} ${full ? t("Full") : t("Add as no. %(place)s", { place: order.length + 1 })}</button>
    </li>`;
}
