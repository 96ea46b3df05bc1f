/** What earlier workshops knew of a sheet: to be read, never altered. */

import { html, nothing } from "lit-html";
import { SHEET_CHARS } from "../../contract-later.js";
import { formatDay, t, text, tn } from "../../core/i18n.js";
import { earlier } from "../../core/sheet-records.js";
import { decimal } from "../results/words.js";
import { dispositionWords, fieldWords, said } from "./words.js";

/** @import {Sheet} from "../../core/records.js" */
/** @import {Chapter, VoteThen} from "../../core/sheet-records.js" */

/** Oldest first. @param {Sheet} sheet @returns {Chapter[]} */
export const chaptersOf = (sheet) => earlier.value.find(({ id }) => id === sheet.source.id)?.chapters ?? [];

/** @param {Sheet} sheet */
export const chaptersView = (sheet) => [...chaptersOf(sheet)].reverse().map((chapter, place) => chapterView(sheet, chapter, place === 0));

/** @param {Sheet} sheet @param {Chapter} chapter @param {boolean} isOpen */
function chapterView(sheet, chapter, isOpen) {
  const changed = FIELDS.filter((field) => chapter.plan[field] !== /** @type {any} */ (sheet)[field]);
  return html`
    <details class="chapter" ?open=${isOpen}><summary><h3 class="panel-title" dir="auto">${text(chapter.title)}</h3> <span class="muted">${formatDay(chapter.day)}</span></summary>
      <p class="muted">${t("As it was left there. Nothing here can be changed.")}</p>
      <p><strong>${dispositionWords(chapter.plan["disposition"])}</strong>${chapter.plan["version"] ? ` · ${t("Version %(n)s", { n: chapter.plan["version"] })}` : nothing}</p>
      ${changed.length ? html`<dl class="differences-then">${changed.map((field) => html`<dt>${fieldWords(field)}</dt><dd dir="auto">${said(field, chapter.plan[field]) || t("(nothing)")}</dd>`)}</dl>` : html`<p class="muted">${t("The plan says today what it said then.")}</p>`}
      ${chapter.votes.length ? html`<h4 class="label">${t("Votes")}</h4><ul class="stack stack-tight">${chapter.votes.map(voteThen)}</ul>` : nothing}
      ${chapter.cards.length ? html`<h4 class="label">${tn("From %(n)s action", "From %(n)s actions", chapter.cards.length)}</h4><ul class="sheet-cards">${chapter.cards.map(({ number, text: words }) => html`<li dir="auto"><span class="card-number">${number}</span> ${words}</li>`)}</ul>` : nothing}
      ${chapter.notes.length ? html`<h4 class="label">${t("What was said of it")}</h4><ul class="stack stack-tight">${chapter.notes.map((note) => html`<li class="comment"><p class="comment-who"><span class="tag">${noteWords(note)}</span></p><p class="comment-text" dir="auto">${note.text}</p></li>`)}</ul>` : nothing}
    </details>`;
}

/** Of a plan, what a reader compares. */
const FIELDS = ["disposition", ...Object.keys(SHEET_CHARS)];

/** @type {Record<string, () => string>} */
const NOTE_WORDS = { reserve: () => t("Reserve"), amendment: () => t("Amendment"), said: () => t("Said in the room"), expert: () => t("Expert"), facilitator: () => t("Facilitator"), rapporteur: () => t("Rapporteur") };

/** @param {{by: string, kind: string}} note */
const noteWords = ({ by, kind }) => (NOTE_WORDS[kind] ?? NOTE_WORDS[by])?.() ?? by;

/** @param {VoteThen} vote */
function voteThen(vote) {
  const mean = vote.method === "score_1_5" || vote.method === "criteria_1_5";
  const figure = mean ? t("%(mean)s of 5", { mean: decimal(vote.value) }) : vote.method === "consent" ? tn("%(n)s agrees", "%(n)s agree", vote.value ?? 0) : tn("%(n)s point", "%(n)s points", vote.value ?? 0);
  const sides = vote.internal !== null && vote.external !== null;
  return html`<li><p class="muted">${text(vote.round)}</p><p><strong>${figure}</strong> · ${t("rank %(rank)s", { rank: vote.rank })}${vote.tied ? ` (${t("Tied")})` : nothing} · ${t("%(ballots)s ballots of %(seats)s seats", { ballots: vote.ballots, seats: vote.seats })}
    ${sides ? html`<br />${t("internal %(internal)s, external %(external)s", { internal: mean ? decimal(vote.internal) : vote.internal, external: mean ? decimal(vote.external) : vote.external })}` : nothing}</p></li>`;
}
