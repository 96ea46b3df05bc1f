// How many seats took part: a number, never who. Below ten the server sends none, and the page says why.

import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";
import { presence } from "../../core/session.js";

/** @import {PresenceFrame} from "../../contract.js" */
/** @import {Round} from "../../core/records.js" */

/** @param {Round | undefined} round */
export function turnoutLine(round) {
  const turnout = /** @type {PresenceFrame["turnout"]} */ (presence.value.turnout);
  if (!round || !turnout || turnout.round !== round.id || turnout.epoch !== round.epoch) return nothing;
  const what = turnout.kind === "ballots" ? t("have voted") : t("have written");
  if (turnout.count === null) {
    return html`<p class="turnout"><span class="turnout-note">${t("Turnout is shown from ten seats up.")}</span></p>`;
  }
  return html`
    <p class="turnout">
      <span class="turnout-figure">${t("%(count)s of %(seats)s seats", { count: turnout.count, seats: turnout.seats ?? 0 })}</span> ${what}
      <meter min="0" max=${Math.max(1, turnout.seats ?? 0)} .value=${turnout.count} aria-label=${t("Turnout")}></meter>
    </p>`;
}
