/** Whoever reads the sheets while the room writes or votes is told, and led to their board. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { rounds } from "../../core/records.js";
import { isLive, isVoting, isWriting } from "../../core/rounds.js";
import { page, you } from "../../core/session.js";

/** Those who write or vote themselves, or for others. */
const ROLES = new Set(["participant", "scribe"]);

export function awaited() {
  const round = rounds.value.find(isLive);
  if (!round || !ROLES.has(you.value.role) || !(isVoting(round) || isWriting(round))) return nothing;
  return html`
    <div class="banner" role="note">${icon("arrow")} <p>${t("A round has begun: %(name)s", { name: text(round.name) })} ${t("What you are typing is kept.")}</p>
      <a class="button button-small button-primary" href=${page.urls["home"] ?? "/"}>${isVoting(round) ? t("Go to the vote") : t("Go to the writing")}</a></div>`;
}
