// The facilitator's board, one factor at a time: tick and group, move, name, merge, dissolve, accept a proposed name, hold.
// Dragging a card onto a group is an extra; every command is a button first.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { namesWait } from "../../core/names.js";
import { cards, clusters, factorOf, factors, rounds } from "../../core/records.js";
import { isLive, isVoting } from "../../core/rounds.js";
import { boardCard, ticked, untickAll } from "./board-card.js";
import { boardGroup } from "./board-group.js";
import { doublesView } from "./doubles.js";
import { dropZone } from "./drag.js";
import { spotlightButton } from "./everybody.js";
import { make, move } from "./grouping.js";
import { clusterLabel } from "./labels.js";
import { setting } from "./settings.js";
import { chosenRound, factorId } from "./state.js";
import { filled, isShown } from "./targets.js";

/** @import {Card, Cluster, Factor} from "../../core/records.js" */

const newName = signal("");

export function boardView() {
  const factor = shownFactor();
  if (!factor) return nothing;
  const shown = cards.value.filter((card) => card.state !== "review").sort((a, b) => a.number - b.number);
  const groups = filled(clusters.value, shown).filter((cluster) => cluster.factor === factor.id);
  const lone = shown.filter((card) => card.factor === factor.id && isShown(card) && !card.cluster);
  const held = shown.filter((card) => card.factor === factor.id && card.state === "held");
  const frozen = rounds.value.some((round) => isLive(round) && isVoting(round));
  return html`
    ${factorStrip(factor)}
    <h3 class="factor-head" data-factor-number=${factor.number}>${icon(`factor-${factor.number}`)} <span class="factor-title">${text(factor.title)}</span> ${spotlightButton({ table: "factors", id: factor.id }, text(factor.title))}</h3>
    ${frozen ? html`<p class="notice">${icon("lock")} ${t("A vote is open: groups are frozen until it closes.")}</p>` : ticked.value.size ? nothing : html`<p class="hint">${t("Tick actions that say the same thing, then group them. Dragging works too.")}</p>`}
    ${frozen ? nothing : setting("names_wait")}
    ${frozen ? nothing : doublesView(factor.id)}
    <div class="board-columns" data-factor-number=${factor.number}>
      ${repeat(groups, (group) => group.id, (group) => boardGroup(group, shown.filter((card) => card.cluster === group.id), groups, frozen))}
      ${loneColumn(lone, groups.length > 0, frozen)}
      ${held.length ? heldColumn(held) : nothing}
    </div>
    ${groups.length + lone.length + held.length === 0 ? html`<p class="empty">${t("No published action under this factor yet.")}</p>` : nothing}
    ${frozen ? nothing : toolbar(factor, groups)}`;
}

function shownFactor() {
  const wished = factorOf(factorId.value ?? "");
  if (wished) return wished;
  const used = new Set(cards.value.filter(isShown).map((card) => card.factor));
  const own = chosenRound.value?.factors ?? [];
  return factors.value.find((factor) => own.includes(factor.id) && used.has(factor.id)) ?? factors.value.find((factor) => used.has(factor.id)) ?? factors.value[0];
}

/** @param {Factor} current */
function factorStrip(current) {
  return html`
    <div class="tabs board-tabs" role="group" aria-label=${t("Factors")}>
      ${factors.value.map((factor) => {
        const shown = cards.value.filter((card) => card.factor === factor.id && isShown(card));
        const lone = shown.filter((card) => !card.cluster).length;
        return html`
          <button type="button" class=${lone && lone < shown.length ? "tab tab-open" : "tab"} data-factor-number=${factor.number} aria-current=${factor === current ? "true" : "false"} ?data-focus-home=${factor === current} title=${text(factor.title)} @click=${() => choose(factor)}>
            ${icon(`factor-${factor.number}`)}${factor.number}<span class="visually-hidden"> ${text(factor.title)}: ${tn("%(n)s action", "%(n)s actions", shown.length)}, ${t("%(n)s in no group", { n: lone })}</span><span class="tab-count" aria-hidden="true">${shown.length}</span>
          </button>`;
      })}
    </div>`;
}

/** @param {Factor} factor */
function choose(factor) {
  factorId.value = factor.id;
  untickAll();
}

/** @param {Factor} factor @param {Cluster[]} groups */
function toolbar(factor, groups) {
  const list = cards.value.filter((card) => ticked.value.has(card.id));
  if (!list.length) return nothing;
  return html`
    <form class="board-tools" @submit=${(/** @type {SubmitEvent} */ event) => group(event, factor, list)}>
      <span class="board-ticked">${t("Ticked: %(n)s", { n: list.length })}</span>
      ${namesWait(factor.id) ? nothing : html`<input class="input" maxlength="60" placeholder=${t("Name, now or later")} aria-label=${t("Name of the new group, now or later")} .value=${newName.value} @input=${(/** @type {InputEvent} */ event) => (newName.value = /** @type {HTMLInputElement} */ (event.target).value)} />`}
      <button type="submit" class="button button-small button-primary">${icon("group")} ${t("Group")}</button>
      <select class="input" aria-label=${t("Move to…")} @change=${(/** @type {Event} */ event) => moveTo(event, list)}>
        <option value="" selected>${t("Move to…")}</option>
        ${groups.map((cluster) => html`<option value=${cluster.id}>${clusterLabel(cluster.id)}</option>`)}
        <option value="-">${t("Out of its group")}</option>
      </select>
      <button type="button" class="button button-small button-quiet" @click=${untickAll}>${t("Untick")}</button>
    </form>`;
}

/** @param {SubmitEvent} event @param {Factor} factor @param {Card[]} list */
async function group(event, factor, list) {
  event.preventDefault();
  const made = await make(factor.id, list, newName.value.trim());
  if (!made) return;
  newName.value = "";
  untickAll();
  requestAnimationFrame(() => requestAnimationFrame(() => goTo(made)));
}

/** To the new group, unless the person has gone elsewhere: the bar that was pressed is gone. @param {string} id */
function goTo(id) {
  const active = document.activeElement;
  const made = document.querySelector(`.cluster[data-row="${id}"]`);
  if (made instanceof HTMLElement && (active === document.body || active?.matches("[data-focus-home]"))) made.focus();
}

/** @param {Event} event @param {Card[]} list */
async function moveTo(event, list) {
  const select = /** @type {HTMLSelectElement} */ (event.target);
  const { value } = select;
  select.value = "";
  if (value && (await move(list, value === "-" ? null : value))) untickAll();
}

/** @param {Card[]} list @param {boolean} hasGroups @param {boolean} frozen */
function loneColumn(list, hasGroups, frozen) {
  if (!list.length && !hasGroups) return nothing;
  const zone = frozen ? null : dropZone(null);
  return html`
    <section class="cluster board-lone" @dragover=${zone?.over ?? nothing} @dragleave=${zone?.leave ?? nothing} @drop=${zone?.drop ?? nothing}>
      <div class="cluster-head"><h4 class="cluster-name">${t("In no group")}</h4> <span class="count">${list.length}</span></div>
      ${list.length ? html`<ul class="cards">${repeat(list, (card) => card.id, (card) => boardCard(card, frozen))}</ul>` : html`<p class="hint">${t("Every action has its group.")}</p>`}
    </section>`;
}

/** @param {Card[]} list */
const heldColumn = (list) => html`
  <section class="cluster board-held">
    <div class="cluster-head"><h4 class="cluster-name">${t("Held")}</h4> <span class="count">${list.length}</span></div>
    <ul class="cards">${repeat(list, (card) => card.id, (card) => boardCard(card, true))}</ul>
  </section>`;
