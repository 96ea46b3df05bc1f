/** What can be done with a group: name it, merge it, dissolve it; the names proposed for it and what was merged into it. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { namesWait } from "../../core/names.js";
import { may } from "../../core/session.js";
import { askMerge } from "./merge-dialog.js";
import { mergedHere } from "./merges.js";
import { dissolve, rename } from "./moves.js";
import { askName } from "./name-dialog.js";

/** @import {Cluster} from "../../core/records.js" */

/** Beside its name. @param {Cluster} cluster @param {boolean} movable */
export const clusterTools = (cluster, movable) => html`${naming(cluster, movable)} ${joining(cluster, movable)}`;

/** Under its name. @param {Cluster} cluster @param {boolean} movable */
export const clusterNotes = (cluster, movable) => html`${proposals(cluster, movable)} ${mergedHere(cluster)}`;

/** @param {Cluster} cluster @param {boolean} movable */
function naming(cluster, movable) {
  if (namesWait(cluster.factor)) return nothing;
  if (movable && may("cluster.name")) return html`<button type="button" class="button button-small" data-act="name" @click=${() => askName(cluster, true)}>${icon("edit")} ${cluster.name ? t("Rename") : t("Name it")}</button>`;
  // Experts may propose at any time, the others while their table groups.
  if (may("cluster.propose") && (movable || !may("card.move"))) return html`<button type="button" class="button button-small button-quiet" data-act="name" @click=${() => askName(cluster, false)}>${icon("edit")} ${t("Propose a name")}</button>`;
  return nothing;
}

/** @param {Cluster} cluster @param {boolean} movable */
function joining(cluster, movable) {
  if (movable && may("cluster.merge")) return html`
    <button type="button" class="button button-small button-quiet" data-act="merge" @click=${() => askMerge(cluster, true)}>${icon("group")} ${t("Merge into…")}</button>
    <button type="button" class="button button-small button-quiet" data-act="dissolve" @click=${() => dissolve(cluster)}>${t("Dissolve")}</button>`;
  if (may("suggestion.merge")) return html`<button type="button" class="button button-small button-quiet" data-act="merge" @click=${() => askMerge(cluster, false)}>${icon("group")} ${t("Suggest a merge")}</button>`;
  return nothing;
}

/** @param {Cluster} cluster @param {boolean} movable */
function proposals(cluster, movable) {
  if (!cluster.proposals.length) return nothing;
  const choosing = movable && may("cluster.name");
  return html`<div class="line proposals"><span class="muted">${t("Proposed:")}</span>
    ${cluster.proposals.map((name) => (choosing ? html`<button type="button" class="button button-small" dir="auto" @click=${() => rename(cluster, name)}>${icon("check")} ${name}</button>` : html`<span class="tag" dir="auto">${name}</span>`))}</div>`;
}
