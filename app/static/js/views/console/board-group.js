// One group on the facilitator's board: its name and the names proposed for it, its actions, merge and dissolve.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { namesWait } from "../../core/names.js";
import { boardCard } from "./board-card.js";
import { dropZone } from "./drag.js";
import { spotlightButton } from "./everybody.js";
import { dissolve, merge, rename } from "./grouping.js";
import { clusterLabel } from "./labels.js";

/** @import {Card, Cluster} from "../../core/records.js" */

/** The group whose name is being written. */
const naming = signal(/** @type {string | null} */ (null));

/**
 * @param {Cluster} cluster
 * @param {Card[]} inside
 * @param {Cluster[]} siblings the groups of the same factor
 * @param {boolean} frozen
 */
export function boardGroup(cluster, inside, siblings, frozen) {
  const zone = frozen ? null : dropZone(cluster.id);
  return html`
    <section class="cluster" data-row=${cluster.id} tabindex="-1" @dragover=${zone?.over ?? nothing} @dragleave=${zone?.leave ?? nothing} @drop=${zone?.drop ?? nothing}>
      <div class="cluster-head"><h4 class=${cluster.name ? "cluster-name" : "cluster-name cluster-unnamed"} dir="auto">${cluster.name || t("No name yet")}</h4> <span class="count">${inside.length}</span></div>
      ${frozen ? nothing : naming.value === cluster.id ? nameForm(cluster) : tools(cluster, inside, siblings)}
      ${frozen || !cluster.proposals.length ? nothing : proposals(cluster)}
      <ul class="cards">${repeat(inside, (card) => card.id, (card) => boardCard(card, frozen))}</ul>
    </section>`;
}

/** @param {Cluster} cluster @param {Card[]} inside @param {Cluster[]} siblings */
function tools(cluster, inside, siblings) {
  const label = clusterLabel(cluster.id);
  const others = siblings.filter((other) => other.id !== cluster.id);
  return html`
    <div class="board-group-tools" role="group" aria-label=${label}>
      ${namesWait(cluster.factor) ? nothing : html`<button type="button" class="button button-small button-quiet" @click=${() => (naming.value = cluster.id)}>${cluster.name ? t("Rename") : t("Name it")}</button>`}
      ${others.length
        ? html`<select class="input board-merge" aria-label=${t("Merge “%(name)s” into…", { name: label })} @change=${(/** @type {Event} */ event) => mergeInto(event, cluster, others)}>
            <option value="" selected>${t("Merge into…")}</option>
            ${others.map((other) => html`<option value=${other.id}>${clusterLabel(other.id)}</option>`)}
          </select>`
        : nothing}
      ${spotlightButton({ table: "clusters", id: cluster.id }, label)}
      <button type="button" class="button button-small button-quiet" @click=${() => dissolve(cluster, inside)}>${t("Dissolve")}</button>
    </div>`;
}

/** @param {Event} event @param {Cluster} cluster @param {Cluster[]} others */
function mergeInto(event, cluster, others) {
  const select = /** @type {HTMLSelectElement} */ (event.target);
  const into = others.find((other) => other.id === select.value);
  select.value = "";
  if (into) void merge(cluster, into);
}

/** @param {Cluster} cluster */
const nameForm = (cluster) => html`
  <form class="board-name" @submit=${(/** @type {SubmitEvent} */ event) => save(event, cluster)}>
    <input class="input" name="name" maxlength="60" .value=${cluster.name} aria-label=${t("Name of the group")} placeholder=${t("A verb and an object")} autofocus />
    <button type="submit" class="button button-small button-primary">${t("Save")}</button>
    <button type="button" class="button button-small button-quiet" @click=${() => (naming.value = null)}>${t("Go back")}</button>
  </form>`;

/** @param {SubmitEvent} event @param {Cluster} cluster */
async function save(event, cluster) {
  event.preventDefault();
  const name = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("name") ?? "").trim();
  if (name === cluster.name || (await rename(cluster, name))) naming.value = null;
}

/** @param {Cluster} cluster */
const proposals = (cluster) => html`
  <ul class="board-proposals" aria-label=${t("Proposed names")}>
    ${cluster.proposals.map(
      (name) => html`<li><span dir="auto">“${name}”</span>
        <button type="button" class="button button-small" @click=${() => rename(cluster, name)}>${icon("check")} ${t("Accept")}<span class="visually-hidden"> “${name}”</span></button></li>`,
    )}
  </ul>`;
