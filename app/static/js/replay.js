// The replay: how the board came to be, step by step. It opens no socket: the board is moved by the steps alone.

import { effect } from "@preact/signals-core";
import { html } from "lit-html";
import { icon } from "./core/icon.js";
import { t, text } from "./core/i18n.js";
import { rounds } from "./core/records.js";
import { page } from "./core/session.js";
import { startTheme } from "./core/theme.js";
import { watch } from "./views/board/watch.js";
import { controls, listen } from "./views/replay/controls.js";
import { failed, load, startPlaying, step, total } from "./views/replay/film.js";
import { stage } from "./views/replay/stage.js";

watch("replay-head", () => {
  const round = rounds.value.find(({ id }) => id === step.value?.round);
  const shown = round ? text(round.name) : "";
  return html`
    <p class="replay-round"><a class="button button-small button-quiet way-back" href=${page.urls["home"] ?? "/"}>${icon("arrow")} ${t("Back")}</a> <span>${shown}</span></p>
    <h1 class="replay-title" dir="auto">${step.value?.title ?? t("Replay")}</h1>`;
});
watch("replay-stage", () => {
  if (failed.value) return html`<p class="notice notice-danger" role="alert">${icon("warning")} <span>${t("The replay could not be loaded.")} <button type="button" class="button button-small" @click=${() => void load()}>${t("Try again")}</button></span></p>`;
  if (step.value) return stage();
  return html`<p class="board-waiting">${total.value === 0 ? t("Nothing has happened on this board yet.") : t("Loading…")}</p>`;
});
watch("replay-controls", controls);

// Each step is read from where it has changed something.
effect(() => {
  void step.value;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const place = document.getElementById("replay-stage");
    if (place) place.scrollTop = 0;
    place?.querySelector(".replay-new")?.scrollIntoView({ block: "nearest" });
  }));
});

startTheme();
listen();
startPlaying();
void load();
