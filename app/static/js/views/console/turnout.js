// How many took part: seats that voted, or texts that came in; never who. Below ten the server sends none, and the page says why.

import { html, nothing } from "lit-html";
import { t, tn } from "../../core/i18n.js";
import { presence } from "../../core/session.js";
import { isOver } from "./rounds.js";

/** @import {PresenceFrame} from "../../contract.js" */
/** @import {Round} from "../../core/records.js" */

/** @param {Round | undefined} round */
export function turnoutLine(round) {
  const turnout = /** @type {PresenceFrame["turnout"]} */ (presence.value.turnout);
  if (!round || isOver(round) || !turnout || turnout.round !== round.id || turnout.epoch !== round.epoch) return nothing;
  if (turnout.count === null) {
    return html`<p class="turnout"><span class="turnout-note">${t("Turnout is shown from ten seats up.")}</span></p>`;
  }
  if (turnout.kind === "texts") {
    return html`<p class="turnout"><span class="turnout-figure">${tn("%(n)s text has come in", "%(n)s texts have come in", turnout.count)}</span> · ${tn("%(n)s seat in the round", "%(n)s seats in the round", turnout.seats ?? 0)}</p>`;
  }
  return html`
    <p class="turnout">
      <span class="turnout-figure">${t("%(count)s of %(seats)s seats", { count: turnout.count, seats: turnout.seats ?? 0 })}</span> ${t("have voted")}
      <meter min="0" max=${Math.max(1, turnout.seats ?? 0)} .value=${turnout.count} aria-label=${t("Turnout")}></meter>
    </p>`;
}
