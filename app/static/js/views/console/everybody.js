// What goes to every screen: a message, one thing in the spotlight, everybody at one factor. What is out there, and how to end it.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { formatTime, t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { board, factorOf, factors } from "../../core/records.js";
import { serverNow } from "../../core/session.js";
import { ask } from "./ask.js";
import { send } from "./commands.js";
import { targetLabel } from "./labels.js";
import { factorId } from "./state.js";
import { watch } from "./watch.js";

/** @import {CommentTarget} from "../../core/records.js" */

const MINUTE_MS = 60_000;
const MOST = 280;
/** Redrawn when a message's time is over. */
const tick = signal(0);

/** @param {HTMLElement} root */
export function mount(root) {
  setInterval(() => (tick.value += 1), 5000);
  return watch(root, view);
}

function view() {
  const factor = factorOf(factorId.value ?? "") ?? factors.value[0];
  return html`
    <section class="everybody" aria-labelledby="everybody-title">
      <h2 class="console-title" id="everybody-title">${icon("screen")} ${t("Every screen")}</h2>
      ${shownNow()} ${saidNow()}
      <div class="everybody-tools" role="group" aria-label=${t("Every screen")} tabindex="-1" data-focus-home>
        <button type="button" class="button button-small" @click=${say}>${icon("message")} ${t("Message to all…")}</button>
        ${factor ? html`<button type="button" class="button button-small" title=${text(factor.title)} @click=${() => gather(factor.id)}>${icon("arrow")} ${t("Bring everybody to factor %(n)s", { n: factor.number })}</button>
            <button type="button" class="button button-small" title=${text(factor.title)} @click=${() => spotlight({ table: "factors", id: factor.id })}>${icon("eye")} ${t("Show factor %(n)s to everybody", { n: factor.number })}</button>` : nothing}
      </div>
    </section>`;
}

function shownNow() {
  const target = board.value?.spotlight;
  if (!target) return nothing;
  return html`<p class="everybody-now">${icon("eye")} <span dir="auto">${targetLabel(target.id)}</span>
    <button type="button" class="button button-small" @click=${() => spotlight(null)}>${t("Take down")}</button></p>`;
}

function saidNow() {
  void tick.value;
  const message = board.value?.message;
  if (!message || message.ends_at_ms <= serverNow()) return nothing;
  return html`<p class="everybody-now">${icon("message")} <span dir="auto">${text(message.text)}</span> <span class="muted">${t("until %(time)s", { time: formatTime(message.ends_at_ms) })}</span>
    <button type="button" class="button button-small" @click=${() => end(message)}>${t("End it")}</button></p>`;
}

/** One thing large on every screen; null takes it down. @param {CommentTarget | null} target */
export function spotlight(target) {
  const before = board.value?.spotlight ?? null;
  const done = target ? t("It is on every screen now.") : t("Everybody is back at what they were doing.");
  return send("board.spotlight", { target }, { done, undo: () => send("board.spotlight", { target: before }) });
}

/** The button beside a card, a group or a factor. @param {CommentTarget} target @param {string} label */
export const spotlightButton = (target, label) => html`
  <button type="button" class="button button-quiet button-icon" data-act="spotlight" aria-label=${t("Show on every screen: %(name)s", { name: label })} title=${t("Show on every screen")} @click=${() => spotlight(target)}>${icon("screen")}</button>`;

/** @param {string} factor */
const gather = (factor) => send("board.gather", { factor }, { done: t("Everybody who is not writing is there now. This cannot be undone; bring them elsewhere.") });

/** @param {{text: Record<string, string>, ends_at_ms: number}} message */
const end = (message) =>
  send("board.message", { text: null }, { done: t("The message is gone."), undo: () => send("board.message", { text: message.text, ends_at_ms: Math.max(message.ends_at_ms, Math.round(serverNow()) + MINUTE_MS) }) });

export async function say() {
  let words = /** @type {Record<string, string>} */ ({});
  let minutes = 5;
  const set = (/** @type {string} */ lang) => (/** @type {InputEvent} */ event) => (words = { ...words, [lang]: /** @type {HTMLInputElement} */ (event.target).value });
  const answer = await ask({
    title: t("Message to all"),
    body: html`
      <p>${t("It stands across every screen until its end. One language is enough.")}</p>
      <label class="field"><span class="label">Français</span><input class="input" lang="fr" maxlength=${MOST} autofocus @input=${set("fr")} /></label>
      <label class="field"><span class="label">English</span><input class="input" lang="en" maxlength=${MOST} @input=${set("en")} /></label>
      <label class="field plan-number"><span class="label">${t("Minutes")}</span><input class="input" type="number" min="1" max="600" inputmode="numeric" .value=${String(minutes)} @input=${(/** @type {InputEvent} */ event) => (minutes = Number(/** @type {HTMLInputElement} */ (event.target).value))} /></label>`,
    yes: t("Send to all"),
    value: () => ({ text: words, ends_at_ms: Math.round(serverNow()) + Math.min(600, Math.max(1, minutes || 1)) * MINUTE_MS }),
  });
  if (!answer) return;
  await send("board.message", answer, { done: t("Everybody reads it now."), undo: () => send("board.message", { text: null }, { done: t("The message is gone.") }) });
}
