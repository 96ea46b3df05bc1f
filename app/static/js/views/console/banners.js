// What stands across the top: a lost connection, a remote side that is cut, and practice, a throw-away board with a simulated
// crowd on request.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { board } from "../../core/records.js";
import { goodbye, link, page, presence, retryNow } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { ask } from "./ask.js";
import { backupBanner } from "./backup.js";
import { postJson, Refused } from "./post.js";
import { watch } from "./watch.js";
import { wheelBanner } from "./wheel.js";

const busy = signal(false);
/** How many simulated people sit here. */
const crowd = signal(page.crowd);

/** @param {HTMLElement} root */
export const mount = (root) => watch(root, () => [offline(), remoteCut(), backupBanner(), wheelBanner(), banner()]);

/** Commands given now are kept and sent later: the person must know before giving them. */
function offline() {
  const { state, waiting } = link.value;
  if (goodbye.value) return ended(goodbye.value);
  if (state !== "offline") return nothing;
  return html`
    <div class="banner banner-offline" role="alert">
      ${icon("wifi-off")} <p><strong>${t("No connection.")}</strong> ${t("Commands wait here and are sent when the link is back.")}
      ${waiting ? tn("%(n)s command waits.", "%(n)s commands wait.", waiting) : nothing}</p>
      <button type="button" class="button button-small" @click=${retryNow}>${t("Try now")}</button>
    </div>`;
}

/** The laptop in the room lost its tunnel: the room goes on, and whoever speaks to people far away must know. */
function remoteCut() {
  const minutes = presence.value.remote_cut_min;
  if (minutes === undefined || link.value.state !== "online") return nothing;
  return html`
    <div class="banner banner-offline" role="status">
      ${icon("wifi-off")} <p><strong>${minutes ? t("Remote side cut since %(n)s min.", { n: minutes }) : t("The remote side is cut.")}</strong>
      ${t("The room goes on. What people far away write waits on their devices and comes by itself.")}</p>
    </div>`;
}

/** @param {string} reason */
const ended = (reason) => html`
  <div class="banner banner-danger" role="alert">
    ${icon("warning")} <p><strong>${t("This page no longer runs the seminar.")}</strong>
    ${reason === "moved" ? t("The seat was opened elsewhere.") : reason === "removed" ? t("The seat was withdrawn.") : t("A newer page is ready.")}</p>
    <button type="button" class="button button-small" @click=${() => location.reload()}>${t("Reload")}</button>
  </div>`;

function banner() {
  if (!board.value?.practice) return nothing;
  return html`
    <div class="banner banner-practice">
      <p class="practice-words">${icon("info")} <strong>${t("PRACTICE: nothing here is kept")}</strong></p>
      ${crowd.value
        ? html`<p class="practice-words">${icon("people")} ${tn("%(n)s simulated person is here and acts in every round.", "%(n)s simulated people are here and act in every round.", crowd.value)}</p>`
        : html`<button type="button" class="button button-small" ?disabled=${busy.value} @click=${() => practise("crowd")}>${t("Bring in a simulated crowd")}</button>`}
      <button type="button" class="button button-small" ?disabled=${busy.value} @click=${end}>${t("End the practice")}</button>
    </div>`;
}

async function end() {
  const yes = await ask({
    title: t("End the practice?"),
    body: html`<p>${t("Everything on the practice board is wiped, and everybody goes back to the real one.")}</p>`,
    yes: t("Wipe and go back"),
    value: () => true,
  });
  if (yes) await practise("end");
}

/** @param {"start"|"end"|"crowd"} action */
export async function practise(action) {
  busy.value = true;
  try {
    const answer = /** @type {{url?: string, seats?: number} | null} */ (await postJson(page.urls.practice, { action }));
    if (action === "crowd") {
      crowd.value = answer?.seats ?? 0;
      toast(t("Simulated seats join now. They are marked as simulated."));
    } else if (answer?.url) location.assign(answer.url);
    else location.reload();
  } catch (error) {
    toast(error instanceof Refused ? error.message : t("That did not reach the server. Try again."));
  } finally {
    busy.value = false;
  }
}
