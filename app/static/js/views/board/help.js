/** "?": the keys, the switch that turns them off, and what this device keeps. */

import { html, nothing } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { forgetSeat } from "../../core/keep.js";
import { page, pending } from "../../core/session.js";
import { shortcuts, useShortcuts } from "./state.js";

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
}

/** @param {(value?: string) => void} close */
const body = (close) => html`
  <table class="help-keys"><caption class="visually-hidden">${t("Keys")}</caption><tbody>${KEYS().map(([key, words]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${words}</td></tr>`)}</tbody></table>
  <label class="check"><input type="checkbox" .checked=${shortcuts.value} @change=${() => useShortcuts(!shortcuts.value)} /> ${t("Single keys work when I am not typing")}</label>
  <div class="panel panel-sunken">
    <p class="panel-title">${t("This device")}</p>
    <p>${t("Your sealed actions and your ballot are only here, until the round is published. The server never gives them back.")}</p>
    ${page.urls["leave"] ? html`<button type="button" class="button" @click=${() => close("leave")}>${icon("leave")} ${t("End my turn and forget everything here")}</button>` : nothing}
  </div>`;

async function endTurn() {
  const unsent = pending.value.length;
  const answer = await openDialog({
    title: t("End my turn?"),
    body: html`
      ${unsent ? html`<p class="notice notice-danger">${icon("warning")} <span>${tn("%(n)s thing is not sent yet and would be lost.", "%(n)s things are not sent yet and would be lost.", unsent)}</span></p>` : nothing}
      <p>${t("This device forgets what you wrote, and the next person can take it. What is in the urn stays there and counts; you can no longer change it from here.")}</p>`,
    actions: [
      { label: t("Go back"), value: "" },
      { label: t("End my turn"), value: "yes", kind: "button-danger" },
    ],
  });
  if (answer !== "yes") return;
  await forgetSeat();
  const form = Object.assign(document.createElement("form"), { method: "post", action: page.urls["leave"] });
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: page.csrf }));
  document.body.append(form);
  form.submit();
}
