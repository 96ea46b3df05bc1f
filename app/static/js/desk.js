// The room desk on a page of its own: for the facilitator beside the console, and for a scribe who wants nothing else on the screen.

import { html, nothing } from "lit-html";
import { icon } from "./core/icon.js";
import { t, text } from "./core/i18n.js";
import { board } from "./core/records.js";
import { link, page, start, you } from "./core/session.js";
import { startTheme } from "./core/theme.js";
import { urgentView } from "./views/board/banner.js";
import { later } from "./views/board/later.js";
import { watch } from "./views/board/watch.js";
import * as work from "./views/board/work.js";
import { roomDesk } from "./views/desk/room.js";

// This page needs everything at once: what the board loads later is packed with it.
later.value = work;
watch("desk-title", () => text(board.value?.title));
// Not the board's news: this page stays where the paper lies.
watch("desk-banner", () => urgentView(() => nothing));
watch("desk-ways", () => html`
  ${you.value.role === "facilitator" ? html`<a class="button button-small button-quiet way-back" href=${page.urls["console"] ?? "/"}>${icon("arrow")} ${t("Console")}</a>` : nothing}
  <a class="button button-small" href=${page.urls["board"] ?? "/"}>${icon("edit")} ${t("Enter actions, on the board")}</a>
  <span class="muted">${link.value.state === "online" ? "" : t("No connection.")}</span>`);
watch("desk-body", () => (board.value ? roomDesk() : html`<p class="board-waiting">${t("Connecting…")}</p>`));

startTheme();
start();
