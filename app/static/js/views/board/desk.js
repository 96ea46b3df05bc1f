/** The expert's desk: each factor at a glance, what is new since one last looked, and what became of one's suggestions. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { kept } from "../../core/keep.js";
import { cards, clusters, comments, factors, suggestions } from "../../core/records.js";
import { you } from "../../core/session.js";
import { groups, labelOf } from "./groups.js";
import { openFactor } from "./state.js";
import { pick } from "./strip.js";

/** @import {Card, Factor, Suggestion} from "../../core/records.js" */

const NEWEST = 5;
const seen = kept("seen", /** @type {string[]} */ ([]));
void seen.load();

export function deskView() {
  if (you.value.role !== "expert" || !factors.value.length) return nothing;
  const known = new Set(seen.value.value);
  const fresh = cards.value.filter((card) => card.state === "published" && !known.has(card.id));
  return html`
    <details class="panel desk" open>
      <summary class="panel-title">${icon("expert")} ${t("Your desk")} ${fresh.length ? html`<span class="tag tag-own">${tn("%(n)s new action", "%(n)s new actions", fresh.length)}</span>` : nothing}</summary>
      <div class="desk-body">${overview(fresh)} ${openFactor.value ? digest(openFactor.value, fresh.filter((card) => card.factor === openFactor.value?.id)) : nothing} ${outcomes()}</div>
    </details>`;
}

/** @param {Card[]} fresh */
const overview = (fresh) => html`
  <div class="desk-table"><table class="table">
    <caption class="visually-hidden">${t("The factors at a glance")}</caption>
    <thead><tr><th scope="col">${t("Factor")}</th><th scope="col">${t("Groups")}</th><th scope="col">${t("Actions")}</th><th scope="col">${t("New")}</th><th scope="col">${t("Comments")}</th></tr></thead>
    <tbody>${factors.value.map((factor) => line(factor, fresh))}</tbody>
  </table></div>`;

/** @param {Factor} factor @param {Card[]} fresh */
function line(factor, fresh) {
  const shown = cards.value.filter((card) => card.factor === factor.id && card.state === "published");
  const about = new Set([factor.id, ...shown.map(({ id }) => id), ...clusters.value.filter((cluster) => cluster.factor === factor.id).map(({ id }) => id)]);
  const news = fresh.filter((card) => card.factor === factor.id).length;
  return html`
    <tr data-factor-number=${factor.number} aria-current=${factor.id === openFactor.value?.id ? "true" : nothing}>
      <th scope="row"><button type="button" class="button button-small button-quiet desk-factor" @click=${() => pick(factor.id)}><span class="factor-number">${factor.number}</span> ${text(factor.title)}</button></th>
      <td class="numeric">${groups(factor.id).length}</td><td class="numeric">${shown.length}</td>
      <td class="numeric">${news ? html`<strong>${news}</strong>` : "0"}</td><td class="numeric">${comments.value.filter((comment) => about.has(comment.target.id)).length}</td>
    </tr>`;
}

/** @param {Factor} factor @param {Card[]} fresh */
function digest(factor, fresh) {
  const list = groups(factor.id).sort((a, b) => b.cards.length - a.cards.length);
  const newest = [...fresh].sort((a, b) => b.number - a.number).slice(0, NEWEST);
  return html`
    <section class="desk-digest" data-factor-number=${factor.number} data-id="digest" tabindex="-1" aria-label=${text(factor.title)}>
      <h3 class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h3>
      ${list.length ? html`<ul class="desk-groups">${list.map(({ cluster, cards: inside }) => html`<li><span dir="auto">${labelOf(cluster)}</span> <span class="count">${inside.length}</span></li>`)}</ul>` : html`<p class="muted">${t("No group yet.")}</p>`}
      ${newest.length
        ? html`<h4 class="board-sub">${t("New since you last looked")} <span class="count">${fresh.length}</span></h4>
            <ul class="desk-new">${repeat(newest, ({ id }) => id, (card) => html`<li dir="auto" lang=${card.language ?? nothing}><span class="card-number">${card.number}</span> ${card.text}</li>`)}</ul>
            <button type="button" class="button button-small" data-act="seen" @click=${() => look(fresh)}>${icon("check")} ${t("I have seen these")}</button>`
        : html`<p class="muted">${t("Nothing new since you last looked.")}</p>`}
    </section>`;
}

/** @param {Card[]} list */
const look = (list) => seen.change((before) => [...new Set([...before, ...list.map(({ id }) => id)])]);

/** @type {Record<Suggestion["state"], () => string>} */
const STATES = { open: () => t("waits for the facilitator"), accepted: () => t("accepted"), declined: () => t("declined") };

function outcomes() {
  if (!suggestions.value.length) return nothing;
  const label = (/** @type {string} */ id) => {
    const found = clusters.value.find((cluster) => cluster.id === id);
    return found ? labelOf(found) : "";
  };
  return html`
    <h3 class="board-sub">${t("Suggested merges")}</h3>
    <ul class="desk-groups">${[...suggestions.value].reverse().map((one) => html`<li><span dir="auto">${label(one.from)} ${icon("arrow")} ${label(one.into)}</span> <span class="tag">${STATES[one.state]()}</span></li>`)}</ul>`;
}
