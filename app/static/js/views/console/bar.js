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

/** @param {HTMLElement} root @param {HTMLElement} title the place of the workshop's name in the masthead */
export function mount(root, title) {
  watch(title, () => (board.value ? text(board.value.title) : nothing));
  return watch(root, view);
}

function view() {
  const door = waitingAtDoor();
  const online = presence.value.online ?? 0;
  return html`
    <p class="bar-link" data-link=${link.value.state}>${linkWords()}</p>
    <p class="bar-online" title=${t("Devices connected")}>${tn("%(n)s device", "%(n)s devices", online)}</p>
    ${door ? html`<button type="button" class="button button-small bar-door" @click=${toDoor}>${icon("people")} ${t("At the door: %(n)s", { n: door })}</button>` : nothing}
    <nav class="bar-pages" aria-label=${t("Pages")}>
      <a class="button button-small" href=${page.urls.wall} target="palabre-wall">${icon("screen")} ${t("Wall")}</a>
      <a class="button button-small" href=${page.urls.people}>${icon("people")} ${t("People and codes")}</a>
      <a class="button button-small" href=${page.urls.sheets}>${icon("edit")} ${t("Sheets")}</a>
      <a class="button button-small" href=${page.urls.exports}>${icon("download")} ${t("Exports")}</a>
      ${board.value?.practice ? nothing : html`<button type="button" class="button button-small" @click=${() => practise("start")}>${icon("group")} ${t("Practise")}</button>`}
      <button type="button" class="button button-quiet button-icon" aria-label=${t("Keyboard help")} title=${t("Keyboard help")} @click=${showHelp}>${icon("help")}</button>
    </nav>`;
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
