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
      <a class="button button-small" href=${page.urls.wall} target="palabre-wall">${icon("screen")} <span>${t("Wall")}</span></a>
      ${board.value?.practice ? nothing : html`<button type="button" class="button button-small" @click=${() => practise("start")}>${icon("group")} <span>${t("Practise")}</span></button>`}
      <details class="menu">
        <summary class="button button-small">${icon("menu")} ${t("Other pages")}</summary>
        <div class="menu-list">${otherPages().map(group)}</div>
      </details>
      <button type="button" class="button button-quiet button-icon" aria-label=${t("Keyboard help")} title=${t("Keyboard help")} @click=${showHelp}>${icon("help")}</button>
    </nav>`;
}

/** In the groups, the order and with the signs of the menu on all other pages (templates/pages/layout.html). */
const otherPages = () => [
  {
    id: "menu-results",
    title: t("What comes out"),
    links: [
      ["summary", "eye", t("In brief")],
      ["sheets", "edit", t("Action sheets")],
      ["exports", "download", t("Exports")],
      ["report", "file", t("Report")],
      ["closings", "lock", t("Close records")],
      ["replay", "play", t("Replay")],
      ["history", "clock", t("History")],
    ],
  },
  {
    id: "menu-work",
    title: t("To run it"),
    links: [
      ["people", "people", t("People and codes")],
      ["agenda", "list", t("Agenda")],
      ["desk", "hand", t("Room desk")],
      ["paper", "print", t("On paper")],
      ["selftest", "check", t("Check the kit")],
      ["backups", "copy", t("Backups")],
    ],
  },
];

/** @param {{id: string, title: string, links: string[][]}} pages */
const group = ({ id, title, links }) => html`
  <div class="menu-group" role="group" aria-labelledby=${id}><p class="menu-title" id=${id}>${title}</p>
    ${links.map(([url = "", sign = "", words]) => html`<a href=${page.urls[url] ?? nothing}>${icon(sign)} ${words}</a>`)}
  </div>`;

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
