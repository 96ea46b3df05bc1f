// A backup that was not made: what hinders it and what to do, in red until one is made. The round goes on meanwhile.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { formatTime, t } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { page, presence } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { postJson } from "./post.js";

const busy = signal(false);

/** @param {string} code */
function remedy(code) {
  switch (code) {
    case "gone": return t("The stick is not there, or was pulled out. Plug it in again, then try again.");
    case "full": return t("The stick is full. Make room on it or plug in another one, then try again.");
    case "read_only": return t("Nothing can be written there. Look at the switch on the stick, or have the administrator choose another folder.");
    case "slow": return t("The stick does not answer. Pull it out, plug it in again, then try again.");
    default: return t("Try again; if it fails again, have the administrator choose another folder.");
  }
}

/** A round that is forgotten unpublished would keep every backup waiting. */
const TELL_AFTER_MIN = 5;

export function backupBanner() {
  const { backup } = presence.value;
  if (backup?.state === "waiting" && (backup.since_min ?? 0) >= TELL_AFTER_MIN) {
    return html`
      <div class="banner banner-offline" role="status">
        ${icon("lock")} <p><strong>${t("A backup has been waiting for %(n)s min.", { n: backup.since_min })}</strong> ${t("A sealed round on this server is neither published nor cancelled, perhaps on the practice board.")}</p>
      </div>`;
  }
  if (backup?.state !== "failed") return nothing;
  return html`
    <div class="banner banner-danger" role="alert">
      ${icon("warning")} <p><strong>${t("The backup of %(time)s was not made.", { time: formatTime(backup.at_ms) })}</strong> ${remedy(backup.code)} ${t("The seminar goes on meanwhile.")}</p>
      <button type="button" class="button button-small" ?disabled=${busy.value} @click=${again}>${t("Try again")}</button>
    </div>`;
}

async function again() {
  busy.value = true;
  try {
    await postJson(page.urls["backup"] ?? "", {});
    toast(t("The backup is tried again; it takes a moment."));
  } catch {
    toast(t("That did not reach the server. Try again."));
  } finally {
    busy.value = false;
  }
}
