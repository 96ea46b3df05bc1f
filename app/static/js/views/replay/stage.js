// What a step shows: the cards and groups of a factor, a result, or the action sheets. What has just changed is marked.

import { computed, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { isOneList } from "../../core/lists.js";
import { bucketOf, groupByBucket } from "../../core/methods.js";
import { cards, clusters, factorOf, factors, sheets, tallies } from "../../core/records.js";
import { replica } from "../../core/session.js";
import { resultOf, turnoutWords } from "../results/result.js";
import { dispositionWords } from "../sheets/words.js";
import { bothTexts } from "../texts/both-texts.js";
import { soFar, step } from "./film.js";

/** @import {Card, Cluster, Factor, Sheet, Tally} from "../../core/records.js" */
/** @import {Step} from "./film.js" */
/** @typedef {{kind: "cards" | "result" | "sheets", factor: string, tally: string}} Focus */

/** The factor that somebody picked, for as long as this step is shown. @type {import("@preact/signals-core").Signal<{of: Step | undefined, factor: string}>} */
const picked = signal({ of: undefined, factor: "" });

/** What the newest step that shows something of its own is about. */
const focus = computed(() => {
  /** @type {Focus} */
  const found = { kind: "cards", factor: "", tally: "" };
  for (const { changes } of [...soFar.value].reverse()) {
    const tally = changes.find(([verb, table]) => table === "tallies" && verb === "put");
    if (tally) return { ...found, kind: /** @type {const} */ ("result"), tally: tally[2].id };
    const hands = changes.filter(([verb, table]) => table === "handcounts" && verb !== "remove").map(([verb, , subject]) => (verb === "put" ? subject : replica.get("handcounts", subject)))[0];
    if (hands) return { ...found, kind: /** @type {const} */ ("result"), tally: `${hands.round}:${hands.epoch}` };
    const factor = mostTouched(changes);
    if (factor) return { ...found, factor };
    if (changes.some(([, table]) => table === "sheets")) return { ...found, kind: /** @type {const} */ ("sheets") };
  }
  return found;
});

/** The factor in which most has changed. @param {Array<Array<any>>} changes */
function mostTouched(changes) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const [verb, table, subject] of changes) {
    if (table !== "cards" && table !== "clusters") continue;
    const factor = (verb === "put" ? subject : replica.get(table, subject))?.factor;
    if (factor) found.set(factor, (found.get(factor) ?? 0) + 1);
  }
  return [...found].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

const touched = computed(() => new Set((step.value?.changes ?? []).map(([verb, , subject]) => (verb === "put" ? subject.id : subject))));

export function stage() {
  const { kind, tally } = focus.value;
  if (kind === "sheets") return sheetsStage();
  const shown = kind === "result" ? tallies.value.find(({ id }) => id === tally) : undefined;
  return shown ? resultStage(shown) : cardsStage();
}

/** @param {string[]} some of which factors there is something to see */
function openFactor(some) {
  const asked = picked.value.of === step.value ? picked.value.factor : focus.value.factor;
  return some.includes(asked) ? asked : (some[0] ?? "");
}

/** @param {Factor[]} list @param {string} open @param {(factor: string) => number} [count] */
const tabs = (list, open, count) => html`
  <nav class="replay-tabs" aria-label=${t("Factors")}>${list.map((factor) => html`
    <button type="button" class="tab" data-id=${factor.id} data-factor-number=${factor.number} aria-current=${factor.id === open ? "true" : "false"} title=${text(factor.title)} @click=${() => (picked.value = { of: step.value, factor: factor.id })}>
      <span class="factor-number">${factor.number}</span> <span class="visually-hidden">${text(factor.title)}</span> ${count ? html`<span class="tab-count">${count(factor.id)}</span>` : nothing}</button>`)}</nav>`;

/** @param {Factor | undefined} factor */
const head = (factor) => (factor ? html`<h2 class="factor-head replay-factor"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h2>` : nothing);

function cardsStage() {
  const open = openFactor(factors.value.map(({ id }) => id));
  const own = cards.value.filter((card) => card.factor === open);
  const groups = clusters.value
    .map((cluster) => ({ cluster, inside: cards.value.filter((card) => card.cluster === cluster.id) }))
    .filter(({ cluster, inside }) => inside.length && cluster.factor === open);
  const grouped = new Set(groups.flatMap(({ inside }) => inside));
  const lone = own.filter((card) => !grouped.has(card) && !card.cluster);
  const elsewhere = own.filter((card) => card.cluster && !grouped.has(card));
  return html`
    ${tabs(factors.value, open, (factor) => cards.value.filter((card) => card.factor === factor && card.state === "published").length)}
    <div class="replay-cards" data-factor-number=${factorOf(open)?.number ?? nothing}>
      ${head(factorOf(open))}
      ${own.length || groups.length ? nothing : html`<p class="muted">${t("No action yet.")}</p>`}
      ${groups.length ? html`<div class="board-groups">${repeat(groups, ({ cluster }) => cluster.id, ({ cluster, inside }) => group(cluster, inside))}</div>` : nothing}
      ${list(lone)} ${list(elsewhere)}
    </div>`;
}

/** @param {Cluster} cluster @param {Card[]} inside */
const group = (cluster, inside) => html`
  <section class="cluster ${touched.value.has(cluster.id) ? "replay-new" : ""}">
    <header class="cluster-head"><h3 class="cluster-name ${cluster.name ? "" : "cluster-unnamed"}" dir="auto">${cluster.name || t("Group without a name")}</h3>
      <span class="cluster-count">${tn("%(n)s action", "%(n)s actions", inside.length)}</span></header>
    ${list(inside)}
  </section>`;

/** @param {Card[]} some */
const list = (some) => (some.length ? html`<ul class="cards cards-wide">${repeat(some, ({ id }) => id, card)}</ul>` : nothing);

/** An action that was erased has no words at any step: they are nowhere. @param {Card} one */
const card = (one) => html`
  <li class="card ${touched.value.has(one.id) ? "replay-new" : ""}">
    ${one.text ? bothTexts(one, "card-text") : html`<p class="card-note">${icon("eye-off")} ${t("This action was taken away.")}</p>`}
    <div class="card-foot"><span class="card-number">${t("no. %(number)s", { number: one.number })}</span></div>
  </li>`;

/** @param {Tally} tally */
function resultStage(tally) {
  const whole = isOneList(tally.rows);
  const lists = groupByBucket(tally.rows);
  const some = factors.value.filter(({ id }) => lists.has(id));
  const open = whole ? "" : openFactor(some.map(({ id }) => id));
  const rows = whole ? [...lists.values()].flat() : tally.rows.filter((row) => bucketOf(row) === open).sort((a, b) => a.rank - b.rank);
  return html`
    ${whole ? nothing : tabs(some, open)}
    <div class="replay-result results" data-factor-number=${factorOf(open)?.number ?? nothing}>${head(factorOf(open))} ${turnoutWords(tally)} ${resultOf(tally, rows)}</div>`;
}

function sheetsStage() {
  const kept = sheets.value.filter((sheet) => sheet.state !== "dropped");
  return html`
    <h2 class="replay-factor">${tn("%(n)s action sheet", "%(n)s action sheets", kept.length)}</h2>
    <ul class="replay-sheets">${repeat(kept, ({ id }) => id, sheet)}</ul>`;
}

/** @param {Sheet} one */
const sheet = (one) => html`
  <li class="card ${touched.value.has(one.id) ? "replay-new" : ""}" data-factor-number=${factorOf(one.factor)?.number ?? nothing}>
    <p class="card-text" dir="auto"><strong>${one.number}.</strong> ${one.title}</p>
    <div class="card-foot"><span class="tag tag-factor">${dispositionWords(one.disposition)}</span>
      ${one.state === "frozen" ? html`<span class="tag tag-closed">${icon("lock")} ${t("Version %(n)s", { n: one.version })}</span>` : nothing}</div>
  </li>`;
