/** Groups that went into another one: what each brought, and a way to call the merge into question. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { cards, clusters, factorOf } from "../../core/records.js";
import { may, submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { labelOf } from "./groups.js";
import { replayLink } from "./replay-link.js";

/** @import {Cluster} from "../../core/records.js" */

/** Under a group's name: what was merged into it. @param {Cluster} cluster */
export function mergedHere(cluster) {
  const list = clusters.value.filter((other) => other.merged_into === cluster.id);
  if (!list.length) return nothing;
  return html`
    <details class="merged-here"><summary>${tn("%(n)s group was merged in here", "%(n)s groups were merged in here", list.length)} ${list.some(({ contest }) => contest === "open") ? tagOf("open") : nothing}</summary>
      ${entries(list)}</details>`;
}

/** How the board came to be, for a round in which it is read again; and all its merges. */
export function journal() {
  const list = clusters.value.filter((cluster) => cluster.merged_into);
  if (!list.length) return replayLink();
  return html`${replayLink()}<details class="panel journal"><summary class="panel-title">${icon("group")} ${t("Merged groups")} <span class="count">${list.length}</span></summary>
    <p class="muted">${t("Read again which groups became one. What should not be together can be contested; the facilitator undoes it or keeps it.")}</p>${entries(list)}</details>`;
}

/** @param {Cluster[]} list */
const entries = (list) => html`<ul class="merges">${repeat(list, ({ id }) => id, entry)}</ul>`;

/** @param {Cluster} cluster */
function entry(cluster) {
  const into = clusters.value.find(({ id }) => id === cluster.merged_into);
  const brought = cards.value.filter(({ id }) => cluster.merge?.cards.includes(id));
  return html`
    <li class="merge" data-id="merge-${cluster.id}" data-factor-number=${factorOf(cluster.factor)?.number ?? ""} tabindex="-1">
      <p><strong dir="auto">${labelOf(cluster)}</strong> ${icon("arrow")} <span dir="auto">${into ? labelOf(into) : ""}</span></p>
      ${brought.length ? html`<details><summary>${tn("%(n)s action", "%(n)s actions", brought.length)}</summary><ul class="ballot-inside">${brought.map((card) => html`<li dir="auto">${card.text}</li>`)}</ul></details>` : nothing}
      <p class="line">${tagOf(cluster.contest)}
        ${!cluster.contest && may("cluster.contest") ? html`<button type="button" class="button button-small button-quiet" data-act="contest" @click=${() => contest(cluster)}>${icon("warning")} ${t("Contest this merge")}</button>` : nothing}</p>
    </li>`;
}

/** @param {Cluster["contest"]} contest */
function tagOf(contest) {
  if (contest === "open") return html`<span class="tag tag-closed">${icon("warning")} ${t("Contested")}</span>`;
  return contest === "kept" ? html`<span class="tag">${t("Contested, and kept")}</span>` : nothing;
}

/** @param {Cluster} cluster */
async function contest(cluster) {
  const answer = await submit("cluster.contest", { cluster: cluster.id });
  toast("code" in answer ? sentence(answer.code, answer.data) : t("Contested. Nobody learns who asked; the facilitator decides."));
}
