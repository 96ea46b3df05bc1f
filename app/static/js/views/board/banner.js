/** What stands across the top: a lost link, a seat that moved, storage that does not keep, practice, a room that has gone on. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { onlyInMemory } from "../../core/keep.js";
import { board } from "../../core/records.js";
import { isLive, isVoting, isWriting } from "../../core/rounds.js";
import { goodbye, link, page, retryNow } from "../../core/session.js";
import { handBanner } from "./hand.js";
import { calls } from "./spotlight.js";
import { goOn, isBehind, roomRound, words } from "./follow.js";

export const bannerView = () => html`${memory()} ${practice()} ${paused()}`;

/** What must be in sight wherever the page is scrolled; `onward` says where the room has gone. */
export const urgentView = (onward = behind) => html`${farewell()} ${lost()} ${calls()} ${handBanner()} ${onward()}`;

function lost() {
  if (link.value.state !== "offline" || goodbye.value) return nothing;
  const { waiting } = link.value;
  return html`
    <div class="banner banner-offline" role="alert">${icon("wifi-off")}
      <p><strong>${t("No connection.")}</strong> ${t("Go on: what you write is kept on this device and sent by itself.")} ${waiting ? tn("%(n)s thing waits.", "%(n)s things wait.", waiting) : nothing}</p>
      <button type="button" class="button button-small" @click=${retryNow}>${t("Try now")}</button></div>`;
}

function behind() {
  if (!isBehind.value) return nothing;
  const round = roomRound.value;
  const live = round && isLive(round);
  const label = live && isVoting(round) ? t("Go to the vote") : live && isWriting(round) ? t("Go to the writing") : t("Go on");
  return html`
    <div class="banner" role="note">${icon("arrow")} <p>${words()} ${t("What you are typing is kept.")}</p>
      <button type="button" class="button button-small button-primary" @click=${follow}>${label}</button></div>`;
}

/** The thing that had the focus goes away with the old round. */
function follow() {
  goOn();
  requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector("h1[tabindex]"))?.focus()));
}

const memory = () =>
  onlyInMemory.value
    ? html`<div class="banner banner-danger" role="note">${icon("warning")} <p><strong>${t("This browser keeps nothing.")}</strong> ${t("It is in private mode or full: do not close this page before everything is sent.")}</p></div>`
    : nothing;

function practice() {
  const id = board.value?.practice_board;
  if (board.value?.practice) return html`<div class="banner banner-practice" role="note">${icon("info")} <p><strong>${t("PRACTICE: nothing here is kept")}</strong></p><a class="button button-small" href=${main()}>${t("Back to the real board")}</a></div>`;
  if (id) return html`<div class="banner banner-practice" role="note">${icon("info")} <p>${t("A practice board is open: try everything, nothing is kept.")}</p><a class="button button-small" href="${main()}?board=${id}">${t("Practise")}</a></div>`;
  return nothing;
}

const main = () => page.urls["main"] ?? "";

function paused() {
  const round = roomRound.value;
  if (round?.state !== "paused") return nothing;
  const outage = round.pause_reason === "outage";
  return html`<div class="banner" role="note">${icon("pause")} <p>${outage ? t("The server was away. The clock stands still until the facilitator resumes; nothing that was confirmed is lost.") : t("The facilitator paused the clock. You can go on.")}</p></div>`;
}

function farewell() {
  if (!goodbye.value) return nothing;
  /** @type {Record<string, [string, string]>} */
  const sentences = {
    moved: [t("This seat was opened on another device."), t("Go on there. What this device had not sent stays on it.")],
    removed: [t("This seat is no longer open on this device."), t("Enter your code again, or ask the facilitator.")],
    locked: [t("Somebody else has this phone now."), t("Your seat waits behind its PIN at the entrance.")],
    reload: [t("This page is older than the server."), t("Reload it; what you wrote is kept.")],
    role: [t("What you may do has changed."), t("Reload the page; what you wrote is kept.")],
  };
  const [what, next] = sentences[goodbye.value] ?? ["", ""];
  const again = goodbye.value === "reload" || goodbye.value === "role";
  return html`<div class="banner banner-danger" role="alert">${icon("warning")} <p><strong>${what}</strong> ${next}</p>
    ${again ? html`<button type="button" class="button button-small" @click=${() => location.reload()}>${t("Reload")}</button>` : html`<a class="button button-small" href="/">${t("To the entrance")}</a>`}</div>`;
}
