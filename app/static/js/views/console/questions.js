// The questions asked before something that hits everybody or cannot be taken back. They name what is lost.

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { cards } from "../../core/records.js";
import { isVoting } from "../../core/rounds.js";
import { presence } from "../../core/session.js";
import { ask } from "./ask.js";

/** @import {PresenceFrame} from "../../contract.js" */
/** @import {Round} from "../../core/records.js" */

/** @param {Round} round @returns {Promise<true | null>} */
export function confirmPublish(round) {
  const vote = isVoting(round);
  return ask({
    title: vote ? t("Count and publish the vote?") : t("Publish the actions?"),
    body: html`
      <p>${vote ? t("The ballots are counted once and destroyed. Nobody can recount them, and nobody can link anything afterwards.") : t("Publishing destroys the key: nobody can link anything afterwards, actions can no longer be edited.")}</p>
      ${vote ? waitingSheets(round) : whatShows(round)}
      <p><strong>${t("This cannot be undone.")}</strong></p>`,
    yes: vote ? t("Count and publish") : t("Publish"),
    value: () => /** @type {const} */ (true),
  });
}

/** Sheets that nobody has confirmed are lost to the count. @param {Round} round */
function waitingSheets(round) {
  const paper = /** @type {PresenceFrame["paper"]} */ (presence.value.paper);
  if (!paper?.waiting || paper.round !== round.id || paper.epoch !== round.epoch) return nothing;
  return html`<p class="notice">${icon("warning")} ${tn("%(n)s sheet on paper waits for a second person and would not be counted.", "%(n)s sheets on paper wait for a second person and would not be counted.", paper.waiting)}</p>`;
}

/** @param {Round} round */
function whatShows(round) {
  const mine = cards.value.filter((card) => card.round === round.id);
  const shown = mine.filter((card) => card.state === "review").length;
  const held = mine.filter((card) => card.state === "held").length;
  if (!mine.length) return nothing;
  return html`<p>${tn("%(n)s action is shown to everybody.", "%(n)s actions are shown to everybody.", shown)}
    ${held ? tn("%(n)s stays held; you can release it later.", "%(n)s stay held; you can release them later.", held) : nothing}</p>`;
}

/** @param {Round} round @returns {Promise<true | null>} */
export function confirmVoid(round) {
  return ask({
    title: t("Cancel this round?"),
    body: html`<p>${text(round.name)}</p>
      <p>${isVoting(round) ? t("All ballots of this round are destroyed uncounted.") : t("All texts of this round are destroyed unread.")} ${howMany(round)}</p>
      <p><strong>${t("This cannot be undone.")}</strong> ${t("The round can be planned again, from zero.")}</p>`,
    yes: t("Destroy and cancel"),
    value: () => /** @type {const} */ (true),
    danger: true,
  });
}

/** What the server last told of the round's turnout. @param {Round} round */
function turnoutOf(round) {
  const turnout = /** @type {PresenceFrame["turnout"]} */ (presence.value.turnout);
  return turnout?.round === round.id && turnout.epoch === round.epoch ? turnout : undefined;
}

/** Whether somebody has sent something; below ten nobody is told how many. @param {Round} round */
export const hasInput = (round) => turnoutOf(round)?.count !== 0 && turnoutOf(round) !== undefined;

/** @param {Round} round */
function howMany(round) {
  const turnout = turnoutOf(round);
  if (!turnout?.count) return "";
  return turnout.kind === "texts"
    ? tn("%(n)s text has come in.", "%(n)s texts have come in.", turnout.count)
    : tn("%(n)s seat has voted.", "%(n)s seats have voted.", turnout.count);
}

/**
 * How long a round opens again. From published, a new and empty one begins.
 * @param {Round} round
 * @param {string} title
 * @param {boolean} [late] a round for latecomers
 * @returns {Promise<number | null>}
 */
export function askMinutes(round, title, late = false) {
  let minutes = Math.min(3, round.minutes);
  const fresh = round.state === "published";
  return ask({
    title,
    body: html`
      <p>${text(round.name)}</p>
      <p>${late ? t("It has an urn of its own. What comes in is shown from five authors up; below that it goes back to its authors as a draft.") : fresh ? t("A new round begins, empty. What was published stays.") : t("The same round goes on with what was sent. Everybody is told that it is open again.")}</p>
      <label class="field">${t("Minutes")}
        <input class="input" type="number" min="1" max="240" inputmode="numeric" .value=${String(minutes)} autofocus @input=${(/** @type {InputEvent} */ event) => (minutes = Number(/** @type {HTMLInputElement} */ (event.target).value))} />
      </label>`,
    yes: title,
    value: () => Math.min(240, Math.max(1, Math.round(minutes) || 1)),
  });
}
