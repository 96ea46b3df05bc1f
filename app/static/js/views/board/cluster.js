/** A group: its name or the names proposed for it, its cards, and what was said about it. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { NAME_CHARS } from "../../contract.js";
import { openDialog } from "../../core/dialog.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { may } from "../../core/session.js";
import { cardView } from "./card.js";
import { talk, talkButton } from "./comments.js";
import { propose, rename } from "./moves.js";

/** @import {Cluster} from "../../core/records.js" */
/** @import {Group} from "./groups.js" */

/** @param {Group} group @param {{movable?: boolean}} [here] */
export function clusterView({ cluster, cards }, { movable = false } = {}) {
  const target = { table: /** @type {const} */ ("clusters"), id: cluster.id };
  return html`
    <section class="cluster" data-id=${cluster.id} data-drop=${movable ? cluster.id : nothing} aria-label=${cluster.name || t("Group without a name")} tabindex="-1">
      <header class="cluster-head">
        <h3 class="cluster-name ${cluster.name ? "" : "cluster-unnamed"}" dir="auto">${cluster.name || t("Group without a name")}</h3>
        <span class="cluster-count">${tn("%(n)s action", "%(n)s actions", cards.length)}</span>
        ${naming(cluster, movable)} ${talkButton(target)}
      </header>
      ${proposals(cluster, movable)} ${talk(target)}
      <ul class="cards">${repeat(cards, ({ id }) => id, (card) => cardView(card, { movable }))}</ul>
    </section>`;
}

/** @param {Cluster} cluster @param {boolean} movable */
function naming(cluster, movable) {
  if (movable && may("cluster.name")) return html`<button type="button" class="button button-small" data-act="name" @click=${() => ask(cluster, true)}>${icon("edit")} ${cluster.name ? t("Rename") : t("Name it")}</button>`;
  // Experts may propose at any time, the others while their table groups.
  if (may("cluster.propose") && (movable || !may("card.move"))) return html`<button type="button" class="button button-small button-quiet" data-act="name" @click=${() => ask(cluster, false)}>${icon("edit")} ${t("Propose a name")}</button>`;
  return nothing;
}

/** @param {Cluster} cluster @param {boolean} movable */
function proposals(cluster, movable) {
  if (!cluster.proposals.length) return nothing;
  const choosing = movable && may("cluster.name");
  return html`<div class="line proposals"><span class="muted">${t("Proposed:")}</span>
    ${cluster.proposals.map((name) => (choosing ? html`<button type="button" class="button button-small" dir="auto" @click=${() => rename(cluster, name)}>${icon("check")} ${name}</button>` : html`<span class="tag" dir="auto">${name}</span>`))}</div>`;
}

/** @param {Cluster} cluster @param {boolean} direct */
async function ask(cluster, direct) {
  let name = direct ? cluster.name : "";
  const title = direct ? t("Name this group") : t("Propose a name for this group");
  const answer = await openDialog({
    title,
    body: (/** @type {(value?: string) => void} */ close) => html`
      <form class="field" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), close("yes"))}>
        <label for="group-name">${t("Name, as a verb and an object")}</label>
        <input id="group-name" class="input" type="text" dir="auto" maxlength=${NAME_CHARS} .value=${name} autofocus @input=${(/** @type {InputEvent} */ event) => (name = /** @type {HTMLInputElement} */ (event.target).value)} />
        <p class="hint">${t("%(n)s characters at most.", { n: NAME_CHARS })} ${direct ? "" : t("The facilitator or the table's scribe chooses. Nobody sees who proposed it.")}</p>
      </form>`,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: direct ? t("Set the name") : t("Propose"), value: "yes", kind: "button-primary" },
    ],
  });
  if (answer !== "yes" || !name.trim()) return;
  await (direct ? rename(cluster, name.trim()) : propose(cluster, name.trim()));
}
