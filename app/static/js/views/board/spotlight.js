/** What the facilitator puts before everybody: one thing, large, with the way back to what one was doing; a factor to gather at; a message. */

import { effect, signal, untracked } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { announce } from "../../core/announce.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { board, cards, clusters, factorOf, sheets } from "../../core/records.js";
import { serverNow } from "../../core/session.js";
import { fieldWords, planOf, said } from "../sheets/words.js";
import { isTyping } from "./follow.js";
import { pick } from "./strip.js";

/** @import {CommentTarget} from "../../core/records.js" */

/** The spotlight this person has gone back from, and the one that waits for the end of a sentence. */
const left = signal("");
const waits = signal("");
/** The factor to go to, when the person was writing as everybody was brought there. */
const gather = signal("");
/** The message this person has put away, and the one whose time is over. */
const read = signal("");
const over = signal("");

/** @param {CommentTarget | null | undefined} target */
const nameOf = (target) => (target ? `${target.table}/${target.id}` : "");

/** Never under the hands of somebody who is writing. */
export function startSpotlight() {
  let times = /** @type {number | null} */ (null);
  effect(() => {
    const name = nameOf(board.value?.spotlight);
    untracked(() => {
      left.value = "";
      waits.value = name && isTyping() ? name : "";
      if (name) announce(t("The facilitator shows something to everybody."));
      if (name && !waits.value) scrollTo(0, 0);
    });
  });
  effect(() => {
    const gathered = board.value?.gathered;
    const now = board.value ? gathered?.times ?? 0 : null;
    untracked(() => {
      // Whoever opens the page later is not led to where the others were.
      if (times !== null && gathered && now !== null && now > times) bring(gathered.factor);
      if (now !== null) times = now;
    });
  });
  effect(() => {
    const message = board.value?.message;
    if (!message) return;
    const timer = setTimeout(() => (over.value = message.id), Math.max(0, message.ends_at_ms - serverNow()));
    announce(text(message.text));
    return () => clearTimeout(timer);
  });
}

/** @param {string} factor */
function bring(factor) {
  if (isTyping()) {
    gather.value = factor;
    return;
  }
  gather.value = "";
  pick(factor);
  const title = factorOf(factor)?.title;
  announce(t("Everybody is here now: %(name)s", { name: title ? text(title) : "" }));
}

/** The lines across the top: a message, and what waits until a sentence is finished. */
export const calls = () => html`${messageView()} ${waits.value ? waiting() : nothing} ${gather.value ? called() : nothing}`;

function messageView() {
  const message = board.value?.message;
  if (!message || message.id === read.value || message.id === over.value || message.ends_at_ms <= serverNow()) return nothing;
  return html`
    <div class="banner banner-message" role="note">${icon("message")} <p dir="auto">${text(message.text)}</p>
      <button type="button" class="button button-small" @click=${() => (read.value = message.id)}>${t("Read")}</button></div>`;
}

const waiting = () => html`
  <div class="banner" role="note">${icon("screen")} <p>${t("The facilitator shows something to everybody.")} ${t("What you are typing is kept.")}</p>
    <button type="button" class="button button-small button-primary" @click=${look}>${t("Look")}</button></div>`;

function look() {
  waits.value = "";
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("spotlight-title")?.focus()));
}

const called = () => html`
  <div class="banner" role="note">${icon("arrow")} <p>${t("The facilitator brings everybody to one factor.")} ${t("What you are typing is kept.")}</p>
    <button type="button" class="button button-small button-primary" @click=${() => follow(gather.value)}>${t("Go there")}</button></div>`;

/** @param {string} factor */
function follow(factor) {
  gather.value = "";
  pick(factor);
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`tab-${factor}`)?.focus()));
}

/** The one thing, large. It covers nothing: what one was doing is below, and one button away. */
export function spotlightView() {
  const target = board.value?.spotlight;
  const name = nameOf(target);
  if (!target || left.value === name || waits.value === name) return nothing;
  const words = wordsOf(target);
  if (!words) return nothing;
  return html`
    <section class="spotlight" data-factor-number=${words.number ?? nothing} aria-labelledby="spotlight-title">
      <p class="spotlight-kind">${icon("screen")} ${t("On every screen")}</p>
      <h2 class="spotlight-title" id="spotlight-title" tabindex="-1" dir="auto">${words.title}</h2>
      ${words.lines.length ? html`<ul class="spotlight-lines">${words.lines.map((line) => html`<li dir="auto">${line}</li>`)}</ul>` : nothing}
      <button type="button" class="button button-primary button-large" @click=${() => goBack(name)}>${icon("undo")} ${t("Back to what I was doing")}</button>
    </section>`;
}

/** @param {string} name */
function goBack(name) {
  left.value = name;
  requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector("#board-head h1"))?.focus({ preventScroll: true })));
}

/** @param {CommentTarget} target @returns {{title: string, lines: string[], number: number | undefined} | null} */
function wordsOf({ table, id }) {
  if (table === "cards") {
    const card = cards.value.find((record) => record.id === id && record.state === "published");
    return card ? { title: card.text, lines: Object.values(card.translation), number: factorOf(card.factor)?.number } : null;
  }
  if (table === "clusters") {
    const cluster = clusters.value.find((record) => record.id === id);
    const inside = cards.value.filter((card) => card.cluster === id && card.state === "published").map((card) => card.text);
    return cluster ? { title: cluster.name || t("No name yet"), lines: inside, number: factorOf(cluster.factor)?.number } : null;
  }
  if (table === "sheets") {
    const sheet = /** @type {Record<string, any> | undefined} */ (sheets.value.find((record) => record.id === id));
    return sheet ? { title: sheet["title"], lines: planOf(/** @type {any} */ (sheet)).map((field) => t("%(field)s: %(text)s", { field: fieldWords(field), text: said(field, sheet[field]) })), number: factorOf(sheet["factor"])?.number } : null;
  }
  const factor = factorOf(id);
  return factor ? { title: `${factor.number}. ${text(factor.title)}`, lines: [text(factor.help)].filter(Boolean), number: factor.number } : null;
}
