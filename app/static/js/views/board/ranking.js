/** What a vote has given: bars in order, ties shown as ties, the two sides apart where the tally tells them. */

import { html, nothing } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { cards, factorOf, rounds } from "../../core/records.js";
import { labelOf } from "./vote.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

/** @param {Tally} tally @param {string} [factor] */
export function rankingView(tally, factor) {
  const rows = tally.rows.filter((row) => !factor || row.factor === factor).sort((a, b) => a.rank - b.rank);
  const most = Math.max(1, ...rows.map((row) => share(tally, row)));
  const round = rounds.value.find(({ id }) => id === tally.round);
  const title = `ranking-${tally.id}-${factor ?? ""}`;
  return html`
    <section class="panel ranking" aria-labelledby=${title}>
      <h3 class="panel-title" id=${title}>${t("Result: %(round)s", { round: text(round?.name) })}</h3>
      <ol class="bars">${rows.map((row) => bar(tally, row, most))}</ol>
      <p class="hint">${tn("%(n)s ballot", "%(n)s ballots", tally.ballots)} · ${tn("%(n)s seat", "%(n)s seats", tally.seats)}.
        ${tally.split ? html`<span class="bar-key" data-side="internal">${t("internal")}</span> <span class="bar-key" data-side="external">${t("external")}</span>` : t("The two sides are not shown apart: fewer than five people voted on one of them.")}</p>
    </section>`;
}

/** How far a row's bar goes. @param {Tally} tally @param {TallyRow} row */
const share = (tally, row) => (tally.method === "score_1_5" ? mean(row) : row.total);

/** @param {TallyRow} row */
function mean({ total, counts }) {
  const n = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return n ? total / n : 0;
}

/** @param {Tally} tally @param {TallyRow} row @param {number} most */
function bar(tally, row, most) {
  const target = { id: row.target, factor: row.factor, table: tableOf(row) };
  // A property, not an attribute: the page's policy refuses style attributes.
  const width = (/** @type {number} */ value) => `--share: ${value / most}`;
  const split = row.internal !== null && row.external !== null && tally.method !== "score_1_5";
  return html`
    <li class="bar ${row.tied ? "bar-tied" : ""}" data-factor-number=${factorOf(row.factor)?.number ?? nothing}>
      <span class="bar-rank">${row.rank}${row.tied ? html`<span class="visually-hidden"> (${t("tied")})</span>` : nothing}</span>
      <span class="bar-label" dir="auto">${labelOf(target)}</span> <span class="bar-value">${valueWords(tally, row)}</span>
      <span class="bar-track" aria-hidden="true">${split ? html`<span class="bar-fill" data-side="internal" .style=${width(row.internal ?? 0)}></span><span class="bar-fill" data-side="external" .style=${width(row.external ?? 0)}></span>` : html`<span class="bar-fill" .style=${width(share(tally, row))}></span>`}</span>
      ${split ? html`<span class="bar-sides">${t("internal %(internal)s, external %(external)s", { internal: row.internal, external: row.external })}</span>` : nothing}
    </li>`;
}

/** @param {TallyRow} row @returns {"factors" | "cards" | "clusters"} */
const tableOf = (row) => (row.target === row.factor ? "factors" : cards.value.some(({ id }) => id === row.target) ? "cards" : "clusters");

/** @param {Tally} tally @param {TallyRow} row */
function valueWords(tally, row) {
  if (tally.method === "score_1_5") return t("%(mean)s of 5", { mean: Math.round(mean(row) * 10) / 10 });
  if (tally.method === "consent") return t("%(agree)s agree, %(reserve)s with a reserve, %(opposed)s opposed", { agree: row.counts["agree"] ?? 0, reserve: row.counts["reserve"] ?? 0, opposed: row.counts["opposed"] ?? 0 });
  if (tally.method === "approval") return tn("%(n)s person", "%(n)s people", row.total);
  return tn("%(n)s point", "%(n)s points", row.total);
}
