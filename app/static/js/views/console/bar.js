// The line on top: the link's state, the devices that are connected, the door, and the ways to the other pages.

import { html, nothing } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { board } from "../../core/records.js";
import { link, page, presence } from "../../core/session.js";
import { practise } from "./banners.js";
import { waitingAtDoor } from "./door.js";
import { showHelp } from "./keys.js";
import { pane } from "./state.js";
import { watch } from "./watch.js";
import { wheelView } from "./wheel.js";

/** @param {HTMLElement} root @param {HTMLElement} title the place of the workshop's name in the masthead */
export function mount(root, title) {
  watch(title, () => (board.value ? text(board.value.title) : nothing));
  return watch(root, view);
}

function view() {
  const door = waitingAtDoor();
  return html`
    <p class="bar-link" data-link=${link.value.state}>${linkWords()}</p>
    ${devices()} ${wheelView()}
    ${door ? html`<button type="button" class="button button-small bar-door" @click=${toDoor}>${icon("people")} ${t("At the door: %(n)s", { n: door })}</button>` : nothing}
    <nav class="bar-pages" aria-label=${t("Pages")}>
      <a class="button button-small" href=${page.urls.wall} target="palabre-wall">${icon("screen")} ${t("Wall")}</a>
      <a class="button button-small" href=${page.urls.people}>${icon("people")} ${t("People and codes")}</a>
      <a class="button button-small" href=${page.urls.sheets}>${icon("edit")} ${t("Sheets")}</a>
      <a class="button button-small" href=${page.urls.exports}>${icon("download")} ${t("Exports")}</a>
      <a class="button button-small" href=${page.urls.history}>${icon("clock")} ${t("History")}</a>
      ${board.value?.practice ? nothing : html`<button type="button" class="button button-small" @click=${() => practise("start")}>${icon("group")} ${t("Practise")}</button>`}
      <button type="button" class="button button-quiet button-icon" aria-label=${t("Keyboard help")} title=${t("Keyboard help")} @click=${showHelp}>${icon("help")}</button>
    </nav>`;
}

/** During a sealed round the numbers stand still, and say so: who comes and goes would tell who writes. */
function devices() {
  const { online = 0, offline = 0, frozen, incomplete } = presence.value;
  return html`
    <p class="bar-online" title=${frozen ? t("As at the start of the round: numbers stand still while people write or vote unseen.") : t("Devices connected")}>
      ${frozen ? icon("lock") : nothing} ${tn("%(n)s device", "%(n)s devices", online)}${offline ? html` · ${t("%(n)s offline", { n: offline })}` : nothing}${frozen ? html` <span class="bar-frozen">${t("frozen")}</span>` : nothing}${incomplete ? html` <span class="bar-incomplete">${t("incomplete")}</span>` : nothing}</p>`;
}

function linkWords() {
  const { state } = link.value;
  if (state === "online") return html`<span class="bar-dot"></span>${t("Connected")}`;
  return html`<span class="bar-dot"></span>${state === "connecting" ? t("Connecting…") : t("No connection")}`;
}

function toDoor() {
  pane.value = "side";
  queueMicrotask(() => document.getElementById("door-title")?.scrollIntoView({ block: "start" }));
}
