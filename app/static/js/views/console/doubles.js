// Actions that perhaps say the same, closest first: group the two, or say that they are not the same. The server suggests, a person decides.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { doublesIn, followDoubles } from "../../core/doubles.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { clusters, factorOf } from "../../core/records.js";
import { send } from "./commands.js";
import { make, merge, move } from "./grouping.js";
import { clusterLabel } from "./labels.js";

/** @import {Card} from "../../core/records.js" */
/** @import {Double} from "../../core/doubles.js" */

const AT_ONCE = 4;
const more = signal(0);

export const start = () => followDoubles(() => true);

/** @param {string} factor */
export function doublesView(factor) {
  const list = doublesIn(factor).filter(({ cards: [a, b] }) => a.state === "published" && b.state === "published");
  if (!list.length) return nothing;
  const shown = list.slice(0, AT_ONCE + more.value);
  return html`
    <details class="doubles" open>
      <summary class="console-title">${icon("copy")} ${t("Perhaps the same")} <span class="count">${list.length}</span></summary>
      <p class="hint">${t("Suggested by their words alone. Nothing is grouped before you say so.")}</p>
      <ul class="doubles-list">${repeat(shown, ({ cards: [a, b] }) => `${a.id}:${b.id}`, row)}</ul>
      ${shown.length < list.length ? html`<button type="button" class="button button-small button-quiet" @click=${() => (more.value += 2 * AT_ONCE)}>${t("Show more")}</button>` : nothing}
    </details>`;
}

/** @param {Double} pair */
function row({ cards: [a, b], likely }) {
  const numbers = html`<span class="visually-hidden"> ${t("no. %(number)s", { number: a.number })}, ${t("no. %(number)s", { number: b.number })}</span>`;
  return html`
    <li class="double">
      ${side(a)} ${side(b)}
      <div class="double-foot">${likely ? html`<span class="tag">${t("Very close")}</span>` : nothing}
        <button type="button" class="button button-small" @click=${() => together(a, b)}>${icon("group")} ${a.cluster && b.cluster ? t("Merge their groups") : t("Group these")}${numbers}</button>
        <button type="button" class="button button-small button-quiet" @click=${() => dismiss(a, b)}>${t("Not the same")}${numbers}</button>
      </div>
    </li>`;
}

/** @param {Card} card */
function side(card) {
  const factor = factorOf(card.factor);
  return html`
    <p class="double-card" data-factor-number=${factor?.number ?? ""}><span class="factor-number">${factor?.number ?? ""}</span>
      <span dir="auto"><span class="card-number">${card.number}</span> ${card.text}</span>
      <span class="double-place">${card.cluster ? t("in “%(name)s”", { name: clusterLabel(card.cluster) }) : nothing}</span></p>`;
}

/** Whoever has a group keeps it and takes the other in. @param {Card} a @param {Card} b */
function together(a, b) {
  if (a.cluster && b.cluster) {
    const [from, into] = [b.cluster, a.cluster].map((id) => clusters.value.find((cluster) => cluster.id === id));
    return from && into ? merge(from, into) : undefined;
  }
  const home = a.cluster ?? b.cluster;
  return home ? move([a.cluster ? b : a], home) : make(a.factor, [a, b], "");
}

/** @param {Card} a @param {Card} b */
function dismiss(a, b) {
  const pair = { cards: [a.id, b.id] };
  return send("pair.dismiss", pair, { done: t("Noted: two different things. They are not suggested again."), undo: () => send("pair.recall", pair) });
}

/** The closest card to this one, whatever lies with it already. @param {Card} card @returns {Card | undefined} */
export function closestTo(card) {
  const pair = doublesIn(card.factor).find(({ cards, likely }) => likely && cards.some(({ id }) => id === card.id));
  return pair?.cards.find(({ id }) => id !== card.id);
}
