/** The ten factors: numbered tabs on a phone, five by two on a laptop. Number, icon and colour; the own table's stand out. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { cards, factors } from "../../core/records.js";
import { isOneList as isWhole } from "../../core/lists.js";
import { isVoting } from "../../core/rounds.js";
import { you } from "../../core/session.js";
import { shown } from "./follow.js";
import { later } from "./later.js";
import { openFactor, ownFactors, picked, ticked } from "./state.js";

/** @import {Factor} from "../../core/records.js" */

export function stripView() {
  if (!factors.value.length || isOneList()) return nothing;
  const scoped = scope();
  return html`
    <div class="tabs board-tabs" role="tablist" aria-label=${t("Factors")} ?data-scoped=${scoped !== null} @keydown=${walk}>
      ${factors.value.map((factor) => tab(factor, scoped))}
    </div>`;
}

/** Whether the vote is one list, whatever factors are on it. */
export function isOneList() {
  const { round, phase } = shown.value;
  return phase === "live" && round !== undefined && isVoting(round) && isWhole(round.ballot ?? []);
}

/** The factors of the own table, while a round is for some tables only. @returns {string[] | null} */
function scope() {
  const { round, phase } = shown.value;
  return phase === "live" && round?.scope ? ownFactors(round) : null;
}

/** @param {Factor} factor @param {string[] | null} scoped */
function tab(factor, scoped) {
  const selected = factor.id === openFactor.value?.id;
  const own = scoped?.includes(factor.id) ?? false;
  const title = text(factor.title);
  return html`
    <button type="button" role="tab" class="tab ${own ? "tab-open" : ""}" id="tab-${factor.id}" data-factor-number=${factor.number} title=${title}
      aria-selected=${selected ? "true" : "false"} aria-controls="board-body" tabindex=${selected ? 0 : -1}
      aria-label="${factor.number}. ${title}, ${countWords(factor)}${own ? `, ${t("your table")}` : ""}" @click=${() => pick(factor.id)}>
      ${icon(`factor-${factor.number}`)}<span class="tab-number">${factor.number}</span><span class="tab-title">${title}</span><span class="tab-count">${count(factor)}</span>
    </button>`;
}

/** @param {Factor} factor */
function count(factor) {
  const spent = later.value?.spentOn(factor.id);
  if (spent) return `${spent.spent}/${spent.points}`;
  return published(factor) || nothing;
}

/** @param {Factor} factor */
function countWords(factor) {
  const spent = later.value?.spentOn(factor.id);
  return spent ? t("%(spent)s of %(points)s points given", spent) : tn("%(n)s action", "%(n)s actions", published(factor));
}

/** @param {Factor} factor */
const published = (factor) => cards.value.filter((card) => card.factor === factor.id && card.state === "published").length;

/** @param {string} id */
export function pick(id) {
  picked.value = id;
  ticked.value = new Set();
}

/** @param {number} step @returns {string | undefined} the factor that is now open */
export function step(step) {
  const list = factors.value;
  const next = list[list.findIndex(({ id }) => id === openFactor.value?.id) + step];
  if (next) pick(next.id);
  return next?.id;
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const last = factors.value.length;
  const by = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: 5, ArrowUp: -5, Home: -last, End: last })[event.key];
  if (!by) return;
  event.preventDefault();
  const at = factors.value.findIndex(({ id }) => id === openFactor.value?.id);
  const next = factors.value[Math.min(last - 1, Math.max(0, at + by))];
  if (!next) return;
  pick(next.id);
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`tab-${next.id}`)?.focus()));
}

/** "Factors of your table: 1 and 10", while a round is for some tables only. */
export function scopeWords() {
  const scoped = scope();
  if (!scoped) return "";
  const numbers = factors.value.filter(({ id }) => scoped.includes(id)).map(({ number }) => String(number));
  if (!numbers.length) return you.value.role !== "participant" ? "" : you.value.table ? t("Your table has no factor in this round. You can read along.") : t("You have no table yet, so no factor to write on: tell the facilitator.");
  const list = numbers.length === 1 ? numbers[0] : t("%(first)s and %(last)s", { first: numbers.slice(0, -1).join(", "), last: numbers[numbers.length - 1] });
  return t("Factors of your table: %(list)s", { list });
}
