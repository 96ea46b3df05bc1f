// The slider, the buttons and the keys of the replay.

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { formatNumber, t } from "../../core/i18n.js";
import { at, changeSpeed, chapters, goTo, isPlaying, isWaiting, speed, SPEEDS, step, toggle, total, turn, turnRound } from "./film.js";

/** @type {Record<string, () => unknown>} */
const KEYS = {
  ArrowRight: () => turn(1),
  ArrowLeft: () => turn(-1),
  PageDown: () => turnRound(1),
  PageUp: () => turnRound(-1),
  Home: () => goTo(0),
  End: () => goTo((total.value ?? 1) - 1),
  " ": toggle,
  "+": () => changeSpeed(1),
  "-": () => changeSpeed(-1),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()),
};

/** @returns {() => void} stops listening */
export function listen() {
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target instanceof Element ? event.target : null;
  // A list has keys of its own, and a button is pressed by the space bar.
  if (on?.closest("select") || (event.key === " " && on?.closest("button, a, summary"))) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  act();
  event.preventDefault();
}

/** @param {string} symbol @param {string} label @param {string} key @param {() => unknown} act @param {string} [side] */
const button = (symbol, label, key, act, side) =>
  html`<button type="button" class="button button-icon" data-act=${side ?? symbol} data-side=${side ?? nothing} aria-label=${label} title=${`${label} (${key})`} @click=${act}>${icon(symbol)}</button>`;

export function controls() {
  if (!total.value) return nothing;
  const last = total.value - 1;
  const here = [...chapters.value].reverse().find((chapter) => chapter.step <= at.value);
  return html`
    <div data-id="replay">
      <input class="replay-slider" data-act="slider" type="range" min="0" max=${last} step="1" .value=${String(at.value)} aria-label=${t("Step")}
        aria-valuetext=${`${place()}: ${step.value?.title ?? ""}`} @input=${(/** @type {Event} */ event) => goTo(Number(/** @type {HTMLInputElement} */ (event.target).value))} />
      <div class="replay-buttons">
        ${button("skip", t("The round before"), "Page ↑", () => turnRound(-1), "before")}
        ${button("arrow", t("One step back"), "←", () => turn(-1), "back")}
        <button type="button" class="button button-primary replay-play" data-act="play" title=${`${isPlaying.value ? t("Pause") : t("Play")} (${t("space bar")})`} @click=${toggle}>${icon(isPlaying.value ? "pause" : "play")} <span>${isPlaying.value ? t("Pause") : t("Play")}</span></button>
        ${button("arrow", t("One step on"), "→", () => turn(1))}
        ${button("skip", t("The round after"), "Page ↓", () => turnRound(1))}
        <label class="replay-choice"><span class="visually-hidden">${t("Speed")}</span>
          <select class="input" data-act="speed" @change=${(/** @type {Event} */ event) => (speed.value = Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
            ${SPEEDS.map((one) => html`<option value=${one} .selected=${one === speed.value}>${formatNumber(one)} ×</option>`)}
          </select></label>
        ${chapters.value.length ? html`<label class="replay-choice replay-rounds"><span class="visually-hidden">${t("Go to a round")}</span>
          <select class="input" data-act="round" @change=${(/** @type {Event} */ event) => goTo(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
            ${here ? nothing : html`<option value="0" .selected=${true}>${t("Go to a round")}</option>`}
            ${chapters.value.map((chapter) => html`<option value=${chapter.step} .selected=${chapter === here}>${chapter.name}</option>`)}
          </select></label>` : nothing}
        <span class="replay-place" role="status">${place()}${isWaiting.value ? html` · ${t("Loading…")}` : nothing}</span>
      </div>
    </div>`;
}

const place = () => t("%(step)s of %(steps)s", { step: at.value + 1, steps: total.value ?? 0 });
