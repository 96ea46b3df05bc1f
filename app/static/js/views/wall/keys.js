// The wall by keyboard, for whoever stands at the projector's laptop; and the same as buttons that show when the pointer moves.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { page } from "../../core/page.js";
import { joinLarge } from "./join.js";
import { goToFactor, isPlaying, turn, turnFactor } from "./show.js";
import { isBoth, toggleBoth } from "./titles.js";

const isJoinOpen = signal(false);
const isAwake = signal(false);
const AWAKE_MS = 4_000;

/** @returns {() => void} stops listening */
export function listen() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointermove", wake);
  document.addEventListener("focusin", wake);
  return () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("pointermove", wake);
    document.removeEventListener("focusin", wake);
  };
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let sleep;

function wake() {
  isAwake.value = true;
  clearTimeout(sleep);
  sleep = setTimeout(() => (isAwake.value = false), AWAKE_MS);
}

/** @type {Record<string, () => unknown>} */
const KEYS = {
  ArrowRight: () => turn(1),
  ArrowLeft: () => turn(-1),
  PageDown: () => turn(1),
  PageUp: () => turn(-1),
  ArrowDown: () => turnFactor(1),
  ArrowUp: () => turnFactor(-1),
  " ": () => (isPlaying.value = !isPlaying.value),
  p: () => (isPlaying.value = !isPlaying.value),
  j: toggleJoin,
  l: toggleBoth,
  f: toggleFull,
  r: () => page.urls["replay"] && location.assign(page.urls["replay"]),
};

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const onButton = event.target instanceof Element && event.target.closest("button, a");
  if (onButton && event.key === " ") return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) act();
  else if (/^\d$/.test(event.key)) goToFactor(event.key === "0" ? 10 : Number(event.key));
  else if (event.key === "Escape") isJoinOpen.value = false;
  else return;
  event.preventDefault();
}

function toggleJoin() {
  isJoinOpen.value = !isJoinOpen.value;
}

function toggleFull() {
  return document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
}

/** The code over everything, for those who come late. */
export const joinOverlay = () => (isJoinOpen.value ? html`<div class="wall-overlay">${joinLarge()}</div>` : nothing);

export function controls() {
  const button = (/** @type {string} */ symbol, /** @type {string} */ label, /** @type {string} */ key, /** @type {() => unknown} */ act, pressed = false) =>
    html`<button type="button" class="button wall-control" aria-pressed=${pressed} title=${`${label} (${key})`} @click=${act}>${icon(symbol)}<span class="visually-hidden">${label}</span></button>`;
  return html`
    <div class="wall-controls" role="toolbar" aria-label=${t("Wall")} data-awake=${isAwake.value}>
      ${button("chevron", t("Previous page"), "←", () => turn(-1))}
      ${button(isPlaying.value ? "pause" : "play", isPlaying.value ? t("Let the pages wait") : t("Let the pages advance"), "P", KEYS.p ?? toggleJoin)}
      ${button("chevron", t("Next page"), "→", () => turn(1))}
      ${button("qr", t("Show how to join"), "J", toggleJoin, isJoinOpen.value)}
      ${button("language", t("Titles in French and English in turn"), "L", toggleBoth, isBoth.value)}
      ${button("screen", t("Full screen"), "F", toggleFull)}
      ${button("reopen", t("Replay"), "R", KEYS.r ?? toggleJoin)}
    </div>`;
}
