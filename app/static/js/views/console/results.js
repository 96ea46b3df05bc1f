// The ranking after publication: bars, ties shown as ties, the two sides apart where the tally gives them.

import { html, nothing } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { factorOf, rounds, tallies } from "../../core/records.js";
import { targetLabel } from "./labels.js";
import { groupByFactor } from "./targets.js";

/** @import {Round, Tally, TallyRow} from "../../core/records.js" */

/**
 * The newest tally by the agenda's order, then by epoch.
 * @param {Tally[]} list
 * @returns {Tally | undefined}
 */
export function lastTally(list) {
  const order = (/** @type {Tally} */ tally) => rounds.value.find((round) => round.id === tally.round)?.order ?? 0;
  return [...list].sort((a, b) => order(b) - order(a) || b.epoch - a.epoch)[0];
}

/** The tally of a round, its newest epoch. @param {Round} round @returns {Tally | undefined} */
export const tallyOf = (round) => tallies.value.filter((tally) => tally.round === round.id).sort((a, b) => b.epoch - a.epoch)[0];

/** @param {Tally} tally @param {string | null} factor only this factor, or all of them in one list */
export function resultsView(tally, factor) {
  const groups = groupByFactor(tally.rows);
  const single = tally.rows.every((row) => row.target === row.factor);
  const shown = single ? [tally.rows] : factor ? [groups.get(factor) ?? []] : [...groups].sort(([a], [b]) => (factorOf(a)?.number ?? 0) - (factorOf(b)?.number ?? 0)).map(([, group]) => group);
  return html`
    <p class="results-summary">
      ${t("%(ballots)s ballots of %(seats)s seats", { ballots: tally.ballots, seats: tally.seats })}
      ${tally.split ? legend() : html` · ${t("Not split by side: fewer than five voters on one side, or one figure would tell too much.")}`}
    </p>
    ${shown.map((rows) => ranking(rows, single))}`;
}

const legend = () => html`
  <span class="bar-key" data-side="internal">${t("internal")}</span> <span class="bar-key" data-side="external">${t("external")}</span>`;

/** @param {TallyRow[]} rows @param {boolean} single */
function ranking(rows, single) {
  const most = Math.max(1, ...rows.map((row) => row.total));
  const sorted = [...rows].sort((a, b) => a.rank - b.rank);
  const factor = !single && rows[0] ? factorOf(rows[0].factor) : undefined;
  if (!rows.length) return html`<p class="empty">${t("No figures for this factor.")}</p>`;
  return html`
    <section class="results" data-factor-number=${factor?.number ?? nothing}>
      ${factor ? html`<h3 class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h3>` : nothing}
      <ol class="bars">${sorted.map((row) => bar(row, most))}</ol>
    </section>`;
}

/** @param {TallyRow} row @param {number} most */
function bar(row, most) {
  // As a property: the page's policy forbids style attributes, and a first styleMap is one.
  const share = (/** @type {number} */ points) => `--share: ${points / most}`;
  const split = row.internal !== null && row.external !== null;
  return html`
    <li class=${row.tied ? "bar bar-tied" : "bar"}>
      <span class="bar-rank" title=${row.tied ? t("Tied") : nothing}>${row.rank}</span>
      <span class="bar-label" dir="auto">${targetLabel(row.target)}${row.tied ? html`<span class="visually-hidden"> (${t("Tied")})</span>` : nothing}</span>
      <span class="bar-value">${tn("%(n)s point", "%(n)s points", row.total)}</span>
      <span class="bar-track" aria-hidden="true">
        ${split
          ? html`<span class="bar-fill" data-side="internal" .style=${share(row.internal ?? 0)}></span><span class="bar-fill" data-side="external" .style=${share(row.external ?? 0)}></span>`
          : html`<span class="bar-fill" .style=${share(row.total)}></span>`}
      </span>
      ${split ? html`<span class="bar-sides">${t("internal %(internal)s, external %(external)s", { internal: row.internal, external: row.external })}</span>` : nothing}
    </li>`;
}
