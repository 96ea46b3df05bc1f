// How many took part: seats that voted, or texts that came in; never who. Below ten the server sends none, and the page says why.

import { html, nothing } from "lit-html";
import { t, tn } from "../../core/i18n.js";
import { rosterWords } from "../../core/roster.js";
import { page, presence } from "../../core/session.js";
import { isOver } from "./rounds.js";

/** @import {PresenceFrame} from "../../contract.js" */
/** @import {Round} from "../../core/records.js" */

/** @param {Round | undefined} round */
export const turnoutLine = (round) => html`${cast(round)} ${roster(round)} ${onPaper(round)}`;

/** @param {Round | undefined} round */
function roster(round) {
  const words = rosterWords(round);
  return words.length ? html`<p class="turnout" data-roster>${words.join(" · ")}</p>` : nothing;
}

/** How far the sheets have come: also after the bell, until the count. @param {Round | undefined} round */
function onPaper(round) {
  const paper = /** @type {PresenceFrame["paper"]} */ (presence.value.paper);
  if (!round || !paper?.entered || paper.round !== round.id || paper.epoch !== round.epoch || isOver(round)) return nothing;
  return html`
    <p class="turnout"><a href=${page.urls["desk"] ?? ""}>${tn("%(n)s sheet on paper entered", "%(n)s sheets on paper entered", paper.entered)}</a></p>
    ${paper.waiting ? html`<p class="turnout"><strong>${tn("%(n)s waits for a second person", "%(n)s wait for a second person", paper.waiting)}</strong></p>` : nothing}`;
}

/** @param {Round | undefined} round */
function cast(round) {
  const turnout = /** @type {PresenceFrame["turnout"]} */ (presence.value.turnout);
  if (!round || isOver(round) || !turnout || turnout.round !== round.id || turnout.epoch !== round.epoch) return nothing;
  if (turnout.count === null) {
    return html`<p class="turnout"><span class="turnout-note">${t("Fewer than ten so far: the number shows from ten on.")}</span></p>`;
  }
  if (turnout.kind === "texts") {
    return html`<p class="turnout"><span class="turnout-figure">${tn("%(n)s text has come in", "%(n)s texts have come in", turnout.count)}</span></p>`;
  }
  return html`
    <p class="turnout">
      <span class="turnout-figure">${t("%(count)s of %(seats)s seats", { count: turnout.count, seats: turnout.seats ?? 0 })}</span> ${t("have voted")}
      <meter min="0" max=${Math.max(1, turnout.seats ?? 0)} .value=${turnout.count} aria-label=${t("Turnout")}></meter>
    </p>`;
}
