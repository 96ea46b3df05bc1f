// On a phone the console shows one pane at a time: the round, the agenda, or the people and comments.

import { effect } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { rounds } from "../../core/records.js";
import { isLive } from "../../core/rounds.js";
import { floor } from "../../core/session.js";
import { faceOf } from "./clock.js";
import { waitingAtDoor } from "./door.js";
import { pane } from "./state.js";
import { watch } from "./watch.js";

/** The time runs on in the strip, whatever pane is open. */
const face = faceOf(() => rounds.value.find(isLive));

/** @param {HTMLElement} strip @param {HTMLElement} frame the element whose data-pane the stylesheet reads */
export function mount(strip, frame) {
  effect(() => {
    frame.dataset.pane = pane.value;
  });
  return watch(strip, view);
}

function view() {
  const door = waitingAtDoor();
  return html`
    ${choice("stage", "clock", face.value?.digits ?? t("Round"), 0)}
    ${choice("agenda", "menu", t("Agenda"), 0)}
    ${choice("side", "people", t("People"), door + (floor.value.hands?.length ?? 0))}`;
}

/** @param {"stage"|"agenda"|"side"} id @param {string} symbol @param {string} label @param {number} count */
const choice = (id, symbol, label, count) => html`
  <button type="button" class="pane-button" aria-pressed=${pane.value === id} @click=${() => open(id)}>
    <span class="pane-icon">${icon(symbol)} ${count ? html`<span class="count">${count}</span>` : nothing}</span> <span>${label}</span>
  </button>`;

/** @param {"stage"|"agenda"|"side"} id */
function open(id) {
  pane.value = id;
}
