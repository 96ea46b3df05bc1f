/** The rapporteur's desk: everything that is reported on, one after the other, with the keys under the hands. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { live } from "lit-html/directives/live.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { board, cards, clusters, factors, sheets } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { shortcuts, useShortcuts } from "../board/state.js";
import { cardsIn, clusterLabel } from "../console/labels.js";
import { reservesOf } from "./evidence.js";
import { noteBox, notesOf, noteView, release, releaseButton } from "./notes.js";
import { sinceView, versionWords } from "./since.js";
import { may } from "./may.js";
import { show } from "./state.js";
import { freezing, versionsView } from "./versions.js";
import { dispositionWords, fieldWords, planOf, said } from "./words.js";

/** @import {Cluster, Sheet} from "../../core/records.js" */
/** One thing to report on. @typedef {{table: "sheets" | "clusters", id: string, factor: string, title: string, released: boolean, sheet: Sheet | undefined}} Item */

export const chosen = signal("");

/** The sheets, and the groups that have none, by factor. @returns {Item[]} */
export function items() {
  const kept = sheets.value.filter((sheet) => sheet.state !== "dropped");
  const taken = new Set(kept.map((sheet) => sheet.source.id));
  const filled = new Set(cards.value.filter((card) => card.state === "published" && card.cluster).map((card) => card.cluster));
  const ofSheet = (/** @type {Sheet} */ sheet) => ({ table: /** @type {const} */ ("sheets"), id: sheet.id, factor: sheet.factor, title: `${sheet.number}. ${sheet.title}`, released: sheet.released === true, sheet });
  const ofGroup = (/** @type {Cluster} */ cluster) => ({ table: /** @type {const} */ ("clusters"), id: cluster.id, factor: cluster.factor, title: clusterLabel(cluster.id), released: cluster.released === true, sheet: undefined });
  const groups = clusters.value.filter(({ id }) => filled.has(id) && !taken.has(id));
  return factors.value.flatMap(({ id }) => [...kept.filter((sheet) => sheet.factor === id).map(ofSheet), ...groups.filter((cluster) => cluster.factor === id).map(ofGroup)]);
}

export const current = () => {
  const all = items();
  return all.find(({ id }) => id === chosen.value) ?? all[0];
};

/** @param {number} by */
export function walk(by) {
  const all = items();
  const at = all.findIndex(({ id }) => id === current()?.id);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) choose(next.id);
}

/** @param {string} id */
function choose(id) {
  chosen.value = id;
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(".desk-list [aria-current='true']")?.scrollIntoView({ block: "nearest" })));
}

/** Where the list stands above the thing and not beside it, a tap on the list leads down to the thing. @param {string} id */
function goTo(id) {
  choose(id);
  if (!matchMedia("(min-width: 62rem)").matches) requestAnimationFrame(() => requestAnimationFrame(() => lead("#desk-title")));
}

/** @param {string} place */
function lead(place) {
  const element = /** @type {HTMLElement | null} */ (document.querySelector(place));
  element?.scrollIntoView();
  element?.focus({ preventScroll: true });
}

export function deskView() {
  const here = current();
  if (!here) return html`<div class="empty">${icon("edit")}<p class="empty-title">${t("Nothing to report on yet")}</p><p>${t("Groups and action sheets appear here as soon as there are any.")}</p></div>`;
  return html`
    ${freezing()}
    <div class="desk">
      <nav class="desk-list" aria-label=${t("What is reported on")}>${factors.value.map((factor) => ofFactor(factor, here))}</nav>
      ${itemView(here)}
    </div>
    ${versionsView()}
    ${keysHelp()}`;
}

/** @param {import("../../core/records.js").Factor} factor @param {Item} here */
function ofFactor(factor, here) {
  const own = items().filter((item) => item.factor === factor.id);
  if (!own.length) return nothing;
  return html`
    <section data-factor-number=${factor.number}><h2 class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h2>
      <ul>${own.map((item) => html`<li><button type="button" class="desk-row" data-id=${item.id} aria-current=${item.id === here.id ? "true" : "false"} @click=${() => goTo(item.id)}>
        <span dir="auto">${item.title}</span> <span class="desk-marks">${item.table === "clusters" ? html`<span class="tag">${t("group")}</span>` : nothing} ${notesOf(item.id).length ? html`<span class="tag">${icon("message")} ${notesOf(item.id).length}</span>` : nothing} ${item.released ? html`<span class="tag tag-released" title=${t("Released")}>${icon("eye")}<span class="visually-hidden">${t("Released")}</span></span>` : nothing}</span></button></li>`)}</ul>
    </section>`;
}

/** @param {Item} item */
function itemView(item) {
  const { sheet } = item;
  const target = { table: item.table, id: item.id };
  const reserves = sheet ? reservesOf(sheet) : [];
  const noted = [...notesOf(item.id), ...(sheet ? notesOf(sheet.source.id) : [])];
  const factor = factors.value.find(({ id }) => id === item.factor);
  // A new one for each thing: words under the cursor never move on to the next.
  return keyed(item.id, html`
    <article class="stack desk-item" data-item=${item.id} data-factor-number=${factor?.number ?? nothing} aria-labelledby="desk-title">
      <p class="desk-up"><button type="button" class="button button-small button-quiet" @click=${() => lead(".desk-list [aria-current='true']")}>${icon("reopen")} ${t("Back to the list")}</button></p>
      <h2 id="desk-title" class="sheet-heading" tabindex="-1" dir="auto">${item.title}</h2>
      <p class="line">${sheet ? html`<span class="tag tag-factor">${dispositionWords(sheet.disposition)}</span> ${versionWords(sheet)}` : nothing}
        ${releaseButton(target, item.released)} ${wallButton(item)}
        ${sheet ? html`<button type="button" class="button button-small" @click=${() => show(sheet.id)}>${icon("edit")} ${t("Open the sheet")}</button>` : nothing}</p>
      ${sheet ? planView(sheet) : html`<ul class="sheet-cards">${cardsIn(item.id).map((card) => html`<li dir="auto"><span class="card-number">${card.number}</span> ${card.text}</li>`)}</ul>`}
      ${sheet ? sinceView(sheet) : nothing}
      ${reserves.length ? html`<section class="sheet-reserves"><h3 class="panel-title">${t("Reserves")}</h3><ul>${reserves.map((reserve) => html`<li dir="auto">${reserve.text}</li>`)}</ul></section>` : nothing}
      ${noted.length ? html`<ul class="stack stack-tight">${noted.map((note) => html`<li>${noteView(note)}</li>`)}</ul>` : nothing}
      ${noteBox(target, "said")}
      ${sheet && (reserves.length || notesOf(sheet.id).some(({ kind }) => kind === "amendment")) ? noteBox(target, "amendment") : nothing}
    </article>`);
}

/** @param {Sheet} sheet */
const planView = (sheet) => html`<dl class="desk-plan">${planOf(sheet).map((field) => html`<div><dt>${fieldWords(field)}</dt><dd dir="auto">${said(field, /** @type {any} */ (sheet)[field])}</dd></div>`)}</dl>`;

/** @param {Item} item */
function wallButton(item) {
  if (!may("board.spotlight")) return nothing;
  const shown = board.value?.spotlight?.id === item.id;
  return html`<button type="button" class="button button-small" aria-pressed=${shown ? "true" : "false"} @click=${() => void onWall(item)}>${icon("screen")} ${shown ? t("Take it down") : t("Show on every screen")}</button>`;
}

/** Put it large on every screen, or take it down. @param {Item} item */
export async function onWall(item) {
  const before = board.value?.spotlight ?? null;
  const target = before?.id === item.id ? null : { table: item.table, id: item.id };
  const answer = await submit("board.spotlight", { target });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(target ? t("It is on every screen now.") : t("Everybody is back at what they were doing."), { undo: () => submit("board.spotlight", { target: before }) });
}

/** @param {Item} item */
export const releaseItem = (item) => release({ table: item.table, id: item.id }, !item.released);

/** @type {() => [string, string][]} */
const KEYS = () => [
  ["J K", t("next, previous")],
  ["N", t("write a note")],
  ["R", t("release, or keep back")],
  ["W", t("on every screen, or down")],
];

const keysHelp = () => html`<p class="muted desk-keys no-print">${KEYS().map(([keys, does]) => html`<span>${keys.split(" ").map((key) => html`<kbd>${key}</kbd> `)}${does}</span>`)} 
  <label class="check"><input type="checkbox" .checked=${live(shortcuts.value)} @change=${() => useShortcuts(!shortcuts.value)} /> ${t("Single keys work when I am not typing")}</label></p>`;
