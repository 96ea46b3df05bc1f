/** A group: its name or the names proposed for it, its cards, and what was said about it. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { may } from "../../core/session.js";
import { namesWait } from "../../core/records.js";
import { cardView } from "./card.js";
import { talk, talkButton } from "./comments.js";
import { labelOf } from "./groups.js";
import { later } from "./later.js";

/** @import {Cluster} from "../../core/records.js" */
/** @import {Group} from "./groups.js" */

/** @param {Group} group @param {{movable?: boolean}} [here] */
export function clusterView({ cluster, cards }, { movable = false } = {}) {
  const target = { table: /** @type {const} */ ("clusters"), id: cluster.id };
  return html`
    <section class="cluster" data-id=${cluster.id} data-drop=${movable ? cluster.id : nothing} aria-label=${labelOf(cluster)} tabindex="-1">
      <header class="cluster-head">
        <h3 class="cluster-name ${cluster.name ? "" : "cluster-unnamed"}" dir="auto">${cluster.name || t("Group without a name")}</h3>
        <span class="cluster-count">${tn("%(n)s action", "%(n)s actions", cards.length)}</span>
        ${naming(cluster, movable)} ${joining(cluster, movable)} ${talkButton(target)}
      </header>
      ${proposals(cluster, movable)} ${later.value?.mergedHere(cluster)} ${talk(target)}
      <ul class="cards">${repeat(cards, ({ id }) => id, (card) => cardView(card, { movable }))}</ul>
    </section>`;
}

/** @param {Cluster} cluster @param {boolean} movable */
function naming(cluster, movable) {
  if (namesWait(cluster.factor)) return nothing;
  if (movable && may("cluster.name")) return html`<button type="button" class="button button-small" data-act="name" @click=${() => later.value?.askName(cluster, true)}>${icon("edit")} ${cluster.name ? t("Rename") : t("Name it")}</button>`;
  // Experts may propose at any time, the others while their table groups.
  if (may("cluster.propose") && (movable || !may("card.move"))) return html`<button type="button" class="button button-small button-quiet" data-act="name" @click=${() => later.value?.askName(cluster, false)}>${icon("edit")} ${t("Propose a name")}</button>`;
  return nothing;
}

/** @param {Cluster} cluster @param {boolean} movable */
function joining(cluster, movable) {
  if (movable && may("cluster.merge")) return html`
    <button type="button" class="button button-small button-quiet" data-act="merge" @click=${() => later.value?.askMerge(cluster, true)}>${icon("group")} ${t("Merge into…")}</button>
    <button type="button" class="button button-small button-quiet" data-act="dissolve" @click=${() => later.value?.dissolve(cluster)}>${t("Dissolve")}</button>`;
  if (may("suggestion.merge")) return html`<button type="button" class="button button-small button-quiet" data-act="merge" @click=${() => later.value?.askMerge(cluster, false)}>${icon("group")} ${t("Suggest a merge")}</button>`;
  return nothing;
}

/** @param {Cluster} cluster @param {boolean} movable */
function proposals(cluster, movable) {
  if (!cluster.proposals.length) return nothing;
  const choosing = movable && may("cluster.name");
  return html`<div class="line proposals"><span class="muted">${t("Proposed:")}</span>
    ${cluster.proposals.map((name) => (choosing ? html`<button type="button" class="button button-small" dir="auto" @click=${() => later.value?.rename(cluster, name)}>${icon("check")} ${name}</button>` : html`<span class="tag" dir="auto">${name}</span>`))}</div>`;
}
