/** Asking to speak: a hand that staff see, with one's place in the queue. Not while a round is sealed: who stirs would tell who writes. */

import { html, nothing } from "lit-html";
import { HANDS } from "../../contract-later.js";
import { raiseHand } from "../../core/floor.js";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { isVoting } from "../../core/rounds.js";
import { floor, goodbye, link, you } from "../../core/session.js";
import { liveRound } from "./state.js";

/** Whether the page offers it; the server decides again. */
function mayAsk() {
  const round = liveRound.value;
  if (goodbye.value || !HANDS.roles.includes(you.value.role)) return false;
  return !round || (HANDS.during.includes(round.kind) && !isVoting(round));
}

/** The button in the masthead. */
export function handButton() {
  const hand = floor.value.hand;
  if (!hand && !mayAsk()) return nothing;
  const label = hand ? t("Lower my hand") : t("Ask to speak");
  return html`<button type="button" class="button ${hand ? "button-raised" : "button-quiet"} button-icon hand-button" aria-pressed=${hand ? "true" : "false"} aria-label=${label} title=${label} ?disabled=${link.value.state !== "online"} @click=${() => raiseHand(!hand)}>${icon("hand")}</button>`;
}

/** Where the own hand stands. */
export function handBanner() {
  const hand = floor.value.hand;
  // In a sealed round nobody speaks; the button still lowers the hand.
  if (!hand || !mayAsk()) return nothing;
  const where = hand.before === 0 ? t("You are next.") : tn("%(n)s person is before you.", "%(n)s people are before you.", hand.before);
  return html`
    <div class="banner ${hand.speaking ? "banner-floor" : ""}" role="status">${icon("hand")}
      <p><strong>${hand.speaking ? t("You have the floor.") : t("Your hand is up.")}</strong> ${hand.speaking ? nothing : html`${where} ${t("The facilitators see your name.")}`}</p>
      <button type="button" class="button button-small" @click=${() => raiseHand(false)}>${hand.speaking ? t("I have spoken") : t("Lower my hand")}</button></div>`;
}
