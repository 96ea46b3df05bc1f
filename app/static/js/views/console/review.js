// The review tray of a closed writing round: shuffled cards by factor; hold one with a reason, or give it back.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { CARD_CHARS } from "../../contract.js";
import { adviceOn } from "../../core/advice.js";
import { t, text, tn } from "../../core/i18n.js";
import { cards, factors } from "../../core/records.js";
import { page } from "../../core/session.js";
import { send } from "./commands.js";
import { closestTo } from "./doubles.js";
import { waiting } from "./state.js";
import { otherLanguage } from "./words.js";

/** @import {Card, Factor, Round, Words} from "../../core/records.js" */

// Kept with the card in both languages: whoever reads the reason later may read the other one.
/** @type {Words[]} */
const REASONS = [
  { fr: "Hors sujet", en: "Off topic" },
  { fr: "Désigne une personne", en: "Names a person" },
  { fr: "Accusation", en: "Accusation" },
  { fr: "Question, pas une action", en: "Question, not an action" },
];

/** The card whose reasons are open. */
const asking = signal(/** @type {string | null} */ (null));

/** @param {Round} round */
export function reviewView(round) {
  const tray = cards.value.filter((card) => card.round === round.id && card.state !== "published");
  const held = tray.filter((card) => card.state === "held").length;
  if (!tray.length) return html`<p class="empty">${t("Nobody wrote anything in this round. Reopen it, or publish to go on.")}</p>`;
  return html`
    <p class="review-summary">
      ${tn("%(n)s action, in random order.", "%(n)s actions, in random order.", tray.length)}
      ${held ? t("Held: %(n)s.", { n: held }) : t("Read them; hold what must not be shown.")}
    </p>
    ${factors.value.map((factor) => factorTray(factor, tray.filter((card) => card.factor === factor.id)))}`;
}

/** @param {Factor} factor @param {Card[]} list */
function factorTray(factor, list) {
  if (!list.length) return nothing;
  const sorted = [...list].sort((a, b) => a.number - b.number);
  return html`
    <section class="review-factor" data-factor-number=${factor.number}>
      <h3 class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span> <span class="count">${list.length}</span></h3>
      <ul class="cards cards-wide">${repeat(sorted, (card) => card.id, cardRow)}</ul>
    </section>`;
}

/** @param {Card} card */
function cardRow(card) {
  return html`
    <li class=${card.state === "held" ? "card card-held" : "card card-review"}>
      <p class="card-text" dir="auto">${card.text}</p>
      ${card.state === "held" ? heldLine(card) : readyLine(card)}
      ${tools(card)}
      ${asking.value === card.id && card.state === "review" ? reasons(card) : nothing}
    </li>`;
}

/** @param {Card} card */
const heldLine = (card) => html`
  <p class="card-foot">
    <span class="review-reason">${t("Held: %(reason)s", { reason: card.reason ?? "" })}</span>
    <button type="button" class="button button-small" ?disabled=${waiting.value.has(`card.release:${card.id}`)} @click=${() => release(card)}>${t("Give back")}</button>
  </p>`;

/** @param {Card} card */
const readyLine = (card) => html`
  <p class="card-foot">
    <span class="review-hint">${hint(card)}</span>
    <button type="button" class="button button-small button-quiet" aria-expanded=${asking.value === card.id} @click=${() => (asking.value = asking.value === card.id ? null : card.id)}>${t("Hold…")}</button>
  </p>`;

/** What a text calls for, so that the eye stops there; the decision is a person's. @param {Card} card */
const hint = (card) => [twinOf(card) || likeOf(card), ...adviceOn(card.text)].filter(Boolean).join(" ");

/** Another card that says the same but for capitals, blanks and signs. @param {Card} card */
function twinOf(card) {
  const same = cards.value.find((other) => other.id !== card.id && other.factor === card.factor && bare(other.text) === bare(card.text));
  return same ? t("Same words as no. %(number)s: group the two.", { number: same.number }) : "";
}

/** Another card that probably says the same in other words. @param {Card} card */
function likeOf(card) {
  const other = closestTo(card);
  return other ? t("Close to no. %(number)s, “%(text)s”: perhaps group the two.", { number: other.number, text: other.text }) : "";
}

/** @param {string} words */
const bare = (words) => words.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** What may be put right about a card without touching its words: what it is, its factor, a translation beside it. @param {Card} card */
const tools = (card) => html`
  <details class="review-tools">
    <summary>${t("Put right…")}</summary>
    <label class="field">${t("It is")}
      <select class="input" @change=${(/** @type {Event} */ event) => mark(card, value(event))}>
        ${KINDS().map(([kind, word]) => html`<option value=${kind} ?selected=${card.kind === kind}>${word}</option>`)}
      </select></label>
    <label class="field">${t("Factor")}
      <select class="input" @change=${(/** @type {Event} */ event) => refile(card, value(event))}>
        ${factors.value.map((factor) => html`<option value=${factor.id} ?selected=${card.factor === factor.id}>${factor.number}. ${text(factor.title)}</option>`)}
      </select></label>
    ${["fr", "en"].map((lang) => html`
      <label class="field">${lang === "fr" ? t("Translation into French") : t("Translation into English")}
        <input class="input" lang=${lang} maxlength=${CARD_CHARS} .value=${card.translation[lang] ?? ""} @change=${(/** @type {Event} */ event) => translate(card, lang, value(event))} /></label>`)}
  </details>`;

/** @returns {[string, string][]} */
const KINDS = () => [["action", t("An action")], ["question", t("A question: shown, not put to the vote")], ["comment", t("A remark: shown, not put to the vote")]];

/** @param {Event} event */
const value = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;

/** @param {Card} card @param {string} kind */
const mark = (card, kind) => send("card.mark", { card: card.id, kind }, { done: t("Noted."), undo: () => send("card.mark", { card: card.id, kind: card.kind }) });

/** @param {Card} card @param {string} factor */
const refile = (card, factor) => send("card.refile", { card: card.id, factor }, { done: t("Moved to another factor."), undo: () => send("card.refile", { card: card.id, factor: card.factor }) });

/** @param {Card} card @param {string} language @param {string} words */
const translate = (card, language, words) => send("card.translate", { card: card.id, language, text: words }, { done: t("Translation kept.") });

/** @param {Card} card */
function reasons(card) {
  const other = otherLanguage(page.lang);
  return html`
    <form class="review-reasons" @submit=${(/** @type {SubmitEvent} */ event) => holdForOwnReason(event, card)}>
      <p class="hint">${t("Why hold it? The reason stays with the action; staff can read it.")}</p>
      <div class="review-presets">
        ${REASONS.map(
          (reason) => html`<button type="button" class="button button-small" @click=${() => hold(card, `${reason.fr} / ${reason.en}`)}>
            ${text(reason)} <span class="review-other" lang=${other}>${reason[other]}</span>
          </button>`,
        )}
      </div>
      <div class="review-own">
        <input class="input" name="reason" maxlength="200" required aria-label=${t("Another reason")} placeholder=${t("Another reason")} />
        <button type="submit" class="button button-small">${t("Hold")}</button>
      </div>
    </form>`;
}

/** @param {SubmitEvent} event @param {Card} card */
function holdForOwnReason(event, card) {
  event.preventDefault();
  const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("reason") ?? "").trim();
  if (reason) hold(card, reason);
}

/** @param {Card} card @param {string} reason */
export function hold(card, reason) {
  asking.value = null;
  return send("card.hold", { card: card.id, reason }, { done: t("Held. It is not shown."), undo: () => release(card) });
}

/** @param {Card} card */
export const release = (card) => send("card.release", { card: card.id }, { done: t("Given back.") });
