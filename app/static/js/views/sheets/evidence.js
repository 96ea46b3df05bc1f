/** What speaks for a sheet, read from the board: its cards, how it was voted on, what was said of it. Nothing is copied into it. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { nameOf } from "../../core/methods.js";
import { cards, comments, rounds, tallies } from "../../core/records.js";
import { talk, talkButton } from "../board/comments.js";
import { sidesWords, valueWords } from "../results/words.js";
import { chaptersView } from "./chapters.js";
import { noteView, notesOf } from "./notes.js";

/** @import {Comment, Sheet, Tally, TallyRow} from "../../core/records.js" */

/** @param {Sheet} sheet */
const cardsOf = (sheet) => cards.value.filter((card) => card.state === "published" && (sheet.source.table === "cards" ? card.id === sheet.source.id : card.cluster === sheet.source.id));

/** What was written beside a vote on consent. @param {Sheet} sheet @returns {Comment[]} */
export function reservesOf(sheet) {
  const consent = new Set(rounds.value.filter((round) => round.method && nameOf({ method: round.method }) === "consent").map(({ id }) => id));
  return comments.value.filter((comment) => comment.by === "participant" && (comment.target.id === sheet.id || comment.target.id === sheet.source.id) && consent.has(comment.round ?? ""));
}

/** @param {Sheet} sheet */
export function evidenceView(sheet) {
  const inside = cardsOf(sheet);
  const votes = tallies.value.flatMap((tally) => tally.rows.filter((row) => row.target === sheet.source.id || row.target === sheet.id).map((row) => ({ tally, row })));
  const about = new Set([sheet.source.id, ...inside.map(({ id }) => id)]);
  const remarks = comments.value.filter((comment) => about.has(comment.target.id) && comment.by !== "participant");
  const reserves = reservesOf(sheet);
  const noted = [...notesOf(sheet.id), ...notesOf(sheet.source.id)];
  const target = { table: /** @type {const} */ ("sheets"), id: sheet.id };
  const carried = sheet.source.table === "earlier";
  return html`
    <aside class="stack sheet-evidence" aria-label=${t("What speaks for it")}>
      ${reserves.length
        ? html`<section class="sheet-reserves"><h3 class="panel-title">${tn("%(n)s reserve", "%(n)s reserves", reserves.length)}</h3><ul class="stack stack-tight">${reserves.map((reserve) => html`<li class="comment"><p class="comment-text" dir="auto">${reserve.text}</p></li>`)}</ul></section>`
        : nothing}
      ${noted.length ? html`<section><h3 class="panel-title">${t("Noted by the rapporteur")}</h3><ul class="stack stack-tight">${noted.map((note) => html`<li>${noteView(note)}</li>`)}</ul></section>` : nothing}
      ${votes.length || !carried ? html`<section><h3 class="panel-title">${t("Votes")}</h3>${votes.length ? html`<ul class="stack stack-tight">${votes.map(vote)}</ul>` : html`<p class="muted">${t("No vote on it is published.")}</p>`}</section>` : nothing}
      ${carried
        ? nothing
        : html`<section><h3 class="panel-title">${tn("From %(n)s action", "From %(n)s actions", inside.length)}</h3>
        <ul class="sheet-cards">${inside.map((card) => html`<li dir="auto"><span class="card-number">${card.number}</span> ${card.text}</li>`)}</ul></section>`}
      ${remarks.length
        ? html`<section><h3 class="panel-title">${t("Noted by experts and staff")}</h3><ul class="stack stack-tight">${remarks.map((note) => html`<li class="comment ${note.by === "expert" ? "comment-expert" : ""}"><p class="comment-who">${note.by === "expert" ? icon("expert") : nothing} ${text(note.name)}</p><p class="comment-text" dir="auto">${note.text}</p></li>`)}</ul></section>`
        : nothing}
      ${chaptersView(sheet)}
      <section>${talkButton(target, t("Comments"))} ${talk(target)}</section>
    </aside>`;
}

/** @param {{tally: Tally, row: TallyRow}} found */
function vote({ tally, row }) {
  const round = rounds.value.find(({ id }) => id === tally.round);
  const sides = sidesWords(tally, row);
  return html`<li><p class="muted">${text(round?.name)}</p><p><strong>${valueWords(tally, row)}</strong>${consentRest(tally, row)} · ${t("rank %(rank)s", { rank: row.rank })}${row.tied ? ` (${t("Tied")})` : ""} · ${t("%(ballots)s ballots of %(seats)s seats", { ballots: tally.ballots, seats: tally.seats })}
    ${sides ? html`<br />${sides}` : nothing}</p></li>`;
}

/** Beside those who agree, the others. @param {Tally} tally @param {TallyRow} row */
const consentRest = (tally, row) =>
  nameOf(tally) === "consent" ? html`, ${tn("%(n)s with a reserve", "%(n)s with a reserve", row.counts["reserve"] ?? 0)}, ${tn("%(n)s opposed", "%(n)s opposed", row.counts["opposed"] ?? 0)}` : nothing;
