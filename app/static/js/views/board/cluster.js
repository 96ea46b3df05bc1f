/** A group: its name or the names proposed for it, its cards, and what was said about it. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t, tn } from "../../core/i18n.js";
import { cardView } from "./card.js";
import { talk, talkButton } from "./comments.js";
import { labelOf } from "./groups.js";
import { later } from "./later.js";

/** @import {Group} from "./groups.js" */

/** @param {Group} group @param {{movable?: boolean}} [here] */
export function clusterView({ cluster, cards }, { movable = false } = {}) {
  const target = { table: /** @type {const} */ ("clusters"), id: cluster.id };
  return html`
    <section class="cluster" data-id=${cluster.id} data-drop=${movable ? cluster.id : nothing} aria-label=${labelOf(cluster)} tabindex="-1">
      <header class="cluster-head">
        <h3 class="cluster-name ${cluster.name ? "" : "cluster-unnamed"}" dir="auto">${cluster.name || t("Group without a name")}</h3>
        <span class="cluster-count">${tn("%(n)s action", "%(n)s actions", cards.length)}</span>
        ${later.value?.clusterTools(cluster, movable)} ${talkButton(target)}
      </header>
      ${later.value?.clusterNotes(cluster, movable)} ${talk(target)}
      <ul class="cards">${repeat(cards, ({ id }) => id, (card) => cardView(card, { movable }))}</ul>
    </section>`;
}
