// Which groups were merged, what each brought, and whether somebody calls it into question: undo it, or say that it stays.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { clusters, factorOf } from "../../core/records.js";
import { send } from "./commands.js";
import { unmerge } from "./grouping.js";
import { clusterLabel, mergedLabel } from "./labels.js";

/** @import {Cluster} from "../../core/records.js" */

/** Contested ones first. */
export const merges = () => clusters.value.filter((cluster) => cluster.merged_into).sort((a, b) => Number(b.contest === "open") - Number(a.contest === "open"));

export const contested = () => merges().filter((cluster) => cluster.contest === "open");

export const mergesView = () => html`
  <p class="hint">${t("Anybody may call a merge into question while a round is for reading. Undoing gives back the actions that nobody moved since.")}</p>
  <ul class="merges">${repeat(merges(), ({ id }) => id, row)}</ul>`;

/** @param {Cluster} cluster */
function row(cluster) {
  const factor = factorOf(cluster.factor);
  return html`
    <li class="merge" data-contest=${cluster.contest ?? ""} data-factor-number=${factor?.number ?? ""}>
      <p><span class="factor-number">${factor?.number ?? ""}</span> <strong dir="auto">${mergedLabel(cluster)}</strong> ${icon("arrow")} <span dir="auto">${clusterLabel(cluster.merged_into ?? "")}</span></p>
      <p class="line muted">${tn("brought %(n)s action", "brought %(n)s actions", cluster.merge?.cards.length ?? 0)} ${mark(cluster)}</p>
      <p class="line">
        <button type="button" class="button button-small" @click=${() => unmerge(cluster)}>${icon("undo")} ${t("Undo this merge")}<span class="visually-hidden"> “${mergedLabel(cluster)}”</span></button>
        ${cluster.contest === "open" ? html`<button type="button" class="button button-small button-quiet" @click=${() => keep(cluster)}>${t("Keep it")}</button>` : nothing}
      </p>
    </li>`;
}

/** @param {Cluster} cluster */
function mark(cluster) {
  if (cluster.contest === "open") return html`<span class="tag tag-closed">${icon("warning")} ${t("Contested")}</span>`;
  return cluster.contest === "kept" ? html`<span class="tag">${t("Contested, and kept")}</span>` : nothing;
}

/** @param {Cluster} cluster */
const keep = (cluster) => send("cluster.keep", { cluster: cluster.id }, { done: t("Kept. The mark says so to everybody; undoing the merge stays possible.") });
