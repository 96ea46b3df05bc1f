// The action sheets: a list, one sheet, and the grid of factors and axes; for whoever fills them and whoever reads them.

import { effect } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { icon } from "./core/icon.js";
import { t, text } from "./core/i18n.js";
import { board } from "./core/records.js";
import { link, page, start } from "./core/session.js";
import { startTheme } from "./core/theme.js";
import { bannerView, urgentView } from "./views/board/banner.js";
import { later } from "./views/board/later.js";
import { loadShortcuts } from "./views/board/state.js";
import { watch } from "./views/board/watch.js";
import * as work from "./views/board/work.js";
import { awaited } from "./views/sheets/awaited.js";
import { coverageView } from "./views/sheets/coverage.js";
import { deskView } from "./views/sheets/desk.js";
import { recover } from "./views/sheets/fields.js";
import { listenToKeys } from "./views/sheets/keys.js";
import { listView } from "./views/sheets/list.js";
import { loadNotes } from "./views/sheets/notes.js";
import { loadReports } from "./views/sheets/progress.js";
import { sheetView } from "./views/sheets/sheet.js";
import { may } from "./views/sheets/may.js";
import { open, show } from "./views/sheets/state.js";

/** @param {string} id @param {string} words */
const tab = (id, words) => html`<button type="button" class="segment" aria-pressed=${open.value === id ? "true" : "false"} @click=${() => show(id)}>${words}</button>`;

function body() {
  if (!board.value) return html`<p class="board-waiting">${t("Connecting…")}</p>`;
  if (open.value === "coverage") return coverageView();
  if (open.value === "desk") return deskView();
  return open.value ? sheetView(open.value) : listView();
}

// This page needs everything at once: what the board loads later is packed with it.
later.value = work;
watch("sheets-title", () => text(board.value?.title));
watch("sheets-banner", () => html`${urgentView(awaited)} ${bannerView()}`);
watch("sheets-tabs", () => html`
  <a class="button button-small button-quiet way-back" href=${page.urls["home"] ?? "/"}>${icon("arrow")} ${t("Back")}</a>
  <div class="segmented" role="group" aria-label=${t("What to show")}>${tab("", t("All sheets"))} ${tab("coverage", t("Coverage"))} ${may("note.write") ? tab("desk", t("Rapporteur’s desk")) : nothing}</div>
  <span class="muted">${link.value.state === "online" ? "" : t("No connection.")}</span>`);
watch("sheets-body", body);

startTheme();
void recover();
void loadNotes();
void loadReports();
void loadShortcuts();
listenToKeys();
start();

// A sheet that opens is read from its top.
let before = open.peek();
effect(() => {
  if (open.value === before) return;
  before = open.value;
  requestAnimationFrame(() => {
    scrollTo(0, 0);
    /** @type {HTMLElement | null} */ (document.querySelector("#sheet-title"))?.focus({ preventScroll: true });
  });
});
