// Factor scores then and now: one line a factor from the mean of the workshop before to today's, each with its interval.

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { formatNumber, t, text } from "../../core/i18n.js";
import { factorOf } from "../../core/records.js";
import { decimal } from "./words.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

/** Whether a tally stands beside that of an earlier workshop. @param {Tally} tally */
export const isCompared = (tally) => tally.rows.some((row) => row.then);

/** @param {readonly TallyRow[]} rows */
export const dumbbells = (rows) => html`
  <div class="dumbbells"><div class="dumbbell-scale" aria-hidden="true"><p class="dumbbell-ticks">${[1, 2, 3, 4, 5].map((score) => html`<span .style=${`--at: ${at(score)}`}>${score}</span>`)}</p></div>
    <ul>${rows.map(line)}</ul></div>`;

/** A mean's place on the scale, from 0 to 1. @param {number} mean */
const at = (mean) => (mean - 1) / 4;

/** @param {TallyRow} row */
function line(row) {
  const factor = factorOf(row.factor);
  const then = row.then?.value ?? null;
  const now = row.value ?? null;
  return html`
    <li class="dumbbell" data-factor-number=${factor?.number ?? nothing}>
      <p class="dumbbell-title">${factor ? html`<span class="factor-number">${factor.number}</span>` : nothing} <span dir="auto">${text(factor?.title)}</span></p>
      <div class="dumbbell-track" aria-hidden="true">
        ${row.then?.interval ? whisker("then", row.then.interval) : nothing} ${row.interval ? whisker("now", row.interval) : nothing}
        ${then !== null && now !== null ? html`<span class="dumbbell-bar" .style=${`--from: ${at(Math.min(then, now))}; --to: ${at(Math.max(then, now))}`}></span>` : nothing}
        ${then === null ? nothing : html`<span class="dumbbell-dot" data-of="then" .style=${`--at: ${at(then)}`}></span>`}
        ${now === null ? nothing : html`<span class="dumbbell-dot" data-of="now" .style=${`--at: ${at(now)}`}></span>`}
      </div>
      <p class="dumbbell-words"><span>${decimal(then)} <span aria-hidden="true">→</span><span class="visually-hidden">${t("then, now")}</span> <strong>${decimal(now)}</strong></span> <span class="dumbbell-counts">${answers(row)}</span></p>
      ${gapWords(row) ? html`<p class="dumbbell-gap">${icon("people")} ${gapWords(row)}</p>` : nothing}
    </li>`;
}

/** @param {"then" | "now"} of @param {[number, number]} interval */
const whisker = (of, [low, high]) => html`<span class="dumbbell-whisker" data-of=${of} .style=${`--from: ${at(low)}; --to: ${at(high)}`}></span>`;

/** @param {TallyRow} row */
const answers = (row) => t("%(then)s answers then, %(now)s now", { then: row.then?.answers ?? 0, now: row.answers ?? 0 });

/** How far the sides stand apart, then and now; each only where it is told. @param {TallyRow} row */
export function gapWords(row) {
  const [then = null, now = null] = row.then?.gap ?? [];
  if (then === null && now === null) return "";
  if (then === null) return t("internal against external: %(gap)s now", { gap: signed(now) });
  if (now === null) return t("internal against external: %(gap)s then", { gap: signed(then) });
  return t("internal against external: %(then)s then, %(now)s now", { then: signed(then), now: signed(now) });
}

/** @param {number | null | undefined} gap */
const signed = (gap) => `${(gap ?? 0) > 0 ? "+" : ""}${formatNumber(Math.round((gap ?? 0) * 10) / 10)}`;

/** A mean with its interval, as a table says it. @param {number | null | undefined} value @param {[number, number] | null | undefined} interval */
export const meanWords = (value, interval) => (value === null || value === undefined ? "" : interval ? t("%(mean)s (%(low)s to %(high)s)", { mean: decimal(value), low: decimal(interval[0]), high: decimal(interval[1]) }) : decimal(value));

export const dumbbellsKey = () => html`
  <span class="dumbbell-key" data-of="then">${t("then")}</span> <span class="dumbbell-key" data-of="now">${t("now")}</span> <span class="dumbbell-key" data-of="interval">${t("where the mean lies, 95 times in 100")}</span>`;
