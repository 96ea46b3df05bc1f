/** What speaks for a sheet, read from the board: its cards, how it was voted on, what experts noted. Nothing is copied into it. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { cards, comments, rounds, tallies } from "../../core/records.js";
import { talk, talkButton } from "../board/comments.js";

/** @import {Sheet, Tally, TallyRow} from "../../core/records.js" */

/** @param {Sheet} sheet */
export function evidenceView(sheet) {
  const inside = cards.value.filter((card) => (sheet.source.table === "cards" ? card.id === sheet.source.id : card.cluster === sheet.source.id));
  const votes = tallies.value.flatMap((tally) => tally.rows.filter((row) => row.target === sheet.source.id || row.target === sheet.id).map((row) => ({ tally, row })));
  const about = new Set([sheet.source.id, ...inside.map(({ id }) => id)]);
  const notes = comments.value.filter((comment) => about.has(comment.target.id) && comment.by !== "participant");
  const target = { table: /** @type {const} */ ("sheets"), id: sheet.id };
  return html`
    <aside class="stack sheet-evidence" aria-label=${t("What speaks for it")}>
      <section><h3 class="panel-title">${t("Votes")}</h3>${votes.length ? html`<ul class="stack stack-tight">${votes.map(vote)}</ul>` : html`<p class="muted">${t("No vote on it is published.")}</p>`}</section>
      <section><h3 class="panel-title">${tn("From %(n)s action", "From %(n)s actions", inside.length)}</h3>
        <ul class="sheet-cards">${inside.map((card) => html`<li dir="auto"><span class="card-number">${card.number}</span> ${card.text}</li>`)}</ul></section>
      ${notes.length
        ? html`<section><h3 class="panel-title">${t("Noted by experts and staff")}</h3><ul class="stack stack-tight">${notes.map((note) => html`<li class="comment ${note.by === "expert" ? "comment-expert" : ""}"><p class="comment-who">${note.by === "expert" ? icon("expert") : nothing} ${text(note.name)}</p><p class="comment-text" dir="auto">${note.text}</p></li>`)}</ul></section>`
        : nothing}
      <section>${talkButton(target, t("Comments"))} ${talk(target)}</section>
    </aside>`;
}

/** @param {{tally: Tally, row: TallyRow}} found */
function vote({ tally, row }) {
  const round = rounds.value.find(({ id }) => id === tally.round);
  const sides = row.internal !== null && row.external !== null;
  return html`<li><p class="muted">${text(round?.name)}</p><p><strong>${tn("%(n)s point", "%(n)s points", row.total)}</strong> · ${t("rank %(rank)s", { rank: row.rank })}${row.tied ? ` (${t("Tied")})` : ""} · ${t("%(ballots)s ballots of %(seats)s seats", { ballots: tally.ballots, seats: tally.seats })}
    ${sides ? html`<br />${t("internal %(internal)s, external %(external)s", { internal: row.internal, external: row.external })}` : nothing}</p></li>`;
}
