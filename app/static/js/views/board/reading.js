/** The open factor as everybody can read it: the result of its vote, what is said about it, its groups, its actions. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t, text, tn } from "../../core/i18n.js";
import { clusters, factorOf } from "../../core/records.js";
import { cardView } from "./card.js";
import { clusterView } from "./cluster.js";
import { talk, talkButton } from "./comments.js";
import { empty, factorHead } from "./factor-head.js";
import { elsewhere, erased, groups, loose } from "./groups.js";
import { later } from "./later.js";
import { pick } from "./strip.js";
import { tallyOf } from "./tally.js";

/** @import {Factor} from "../../core/records.js" */
/** @import {Group} from "./groups.js" */

/** @param {Factor} factor */
export function readingView(factor) {
  const target = { table: /** @type {const} */ ("factors"), id: factor.id };
  const tally = tallyOf(factor.id);
  return html`
    ${factorHead(factor)}
    <div class="board-factor-talk">${talkButton(target, t("About this factor"))}</div>
    ${talk(target)} ${tally ? later.value?.rankingView(tally, factor.id) : nothing}
    ${lists(factor, { movable: false, ranks: new Map(tally?.rows.map((row) => [row.target, row.rank])) })}`;
}

/** @param {Factor} factor @param {{movable: boolean, ranks?: Map<string, number>}} how */
export function lists(factor, { movable, ranks = new Map() }) {
  const found = inRank(groups(factor.id), ranks);
  const alone = loose(factor.id);
  if (!found.length && !alone.length && !elsewhere(factor.id).length && !erased(factor.id)) return empty(factor, t("No action under this factor yet"), t("Actions appear here when the facilitator publishes a writing round."));
  return html`
    <div class="board-groups">${repeat(found, ({ cluster }) => cluster.id, (group) => clusterView(group, { movable }))}</div>
    ${alone.length || movable
      ? html`<section class="board-loose" data-drop=${movable ? "" : nothing} aria-label=${t("In no group")}>
          ${found.length || movable ? html`<h3 class="board-sub">${t("In no group")} <span class="count">${alone.length}</span></h3>` : nothing}
          <ul class="cards cards-wide">${repeat(alone, ({ id }) => id, (card) => cardView(card, { movable }))}</ul></section>`
      : nothing}
    ${gone(factor)} ${takenAway(erased(factor.id))}`;
}

/** The mark that stays of what the facilitator erased. @param {number} n */
const takenAway = (n) => (n ? html`<p class="line muted">${tn("%(n)s action was taken away by the facilitator.", "%(n)s actions were taken away by the facilitator.", n)}</p>` : nothing);

/** @param {Group[]} list @param {Map<string, number>} ranks */
const inRank = (list, ranks) => [...list].sort((a, b) => (ranks.get(a.cluster.id) ?? 999) - (ranks.get(b.cluster.id) ?? 999));

/** Cards whose group is at home under another factor. @param {Factor} factor */
function gone(factor) {
  const list = elsewhere(factor.id);
  if (!list.length) return nothing;
  const homes = [...new Set(list.map((card) => clusters.value.find(({ id }) => id === card.cluster)?.factor ?? ""))].flatMap((id) => factorOf(id) ?? []);
  return html`<p class="line muted">${tn("%(n)s action of this factor is grouped under:", "%(n)s actions of this factor are grouped under:", list.length)}
    ${homes.map((home) => html`<button type="button" class="button button-small" data-factor-number=${home.number} @click=${() => pick(home.id)}><span class="factor-number">${home.number}</span> ${text(home.title)}</button>`)}</p>`;
}
