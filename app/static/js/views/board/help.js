/** "?": the keys, the switch that turns them off, and the end of a turn. */

import { html, nothing } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { page } from "../../core/page.js";
import { replayLink } from "./replay-link.js";
import { shortcuts, useShortcuts } from "./state.js";
import { choosePin, endTurn, turnPanel } from "./turn.js";

const KEYS = () => [
  ["?", t("This help")],
  ["N", t("New action: to the box")],
  ["J / K", t("Next / previous action")],
  ["X", t("Tick the action")],
  ["G", t("Group the ticked actions")],
  ["M", t("Move the action, or the ticked ones")],
  ["← →", t("Previous / next factor, on the strip")],
  ["Ctrl + Z", t("Undo the last thing")],
  ["Ctrl + Enter", t("Send what you typed")],
];

export async function showHelp() {
  const answer = await openDialog({ title: t("Help and keys"), body });
  if (answer === "leave") await endTurn();
  if (answer === "pin") await choosePin();
}

/** @param {(value?: string) => void} close */
const body = (close) => html`
  <div class="help-on-keys"><table class="help-keys"><caption class="visually-hidden">${t("Keys")}</caption><tbody>${KEYS().map(([key, words]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${words}</td></tr>`)}</tbody></table>
  <label class="check"><input type="checkbox" .checked=${shortcuts.value} @change=${() => useShortcuts(!shortcuts.value)} /> ${t("Single keys work when I am not typing")}</label></div>
  ${replayLink()}
  ${page.urls["account"] ? html`<p><a class="button" href=${page.urls["account"]}>${icon("lock")} ${t("My passphrase")}</a></p>` : nothing}
  <p><a href=${`closings/${location.search}`}>${t("Close records: what came out of each urn")}</a></p>
  ${page.urls["leave"] ? turnPanel(close) : nothing}`;
