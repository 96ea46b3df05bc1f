// Two criteria as a map: every action a numbered mark, the quadrants named, a list that says which number is what.

import { html, nothing, svg } from "lit-html";
import { t } from "../../core/i18n.js";
import { criterionWords } from "../../core/criteria.js";
import { criteriaOf } from "../../core/methods.js";
import { factorOf } from "../../core/records.js";
import { spread } from "./matrix-layout.js";
import { decimal, quadrantWords, rowLabel } from "./words.js";

/** @import {Tally, TallyRow} from "../../core/records.js" */

const SIZE = 400;
// In units of the map: how far apart two marks are, and how large its words. The wall needs larger ones, and so does a phone.
const NEAR = { apart: 28, type: 15 };
const FAR = { apart: 46, type: 30 };
const [LOWEST, HIGHEST] = [1, 5];
const QUADRANTS = ["quick_win", "major_work", "small_step", "not_now"];

/** Whether a tally is about two criteria, so that there is a map to draw. @param {Tally} tally */
export const isMatrix = (tally) => tally.rows.some((row) => Object.keys(row.criteria ?? {}).length === 2);

/** The rows that stand somewhere, numbered in the order of their rank. @param {readonly TallyRow[]} rows @returns {{row: TallyRow, number: number}[]} */
export const numbered = (rows) =>
  [...rows].filter((row) => Object.values(row.criteria ?? {}).every(({ value }) => value !== null)).sort((a, b) => a.rank - b.rank).map((row, n) => ({ row, number: n + 1 }));

/** @param {Tally} tally @param {readonly TallyRow[]} rows @param {boolean} [far] read from the last row of a room, or in the hand */
export function matrixChart(tally, rows, far = false) {
  const { apart, type } = far ? FAR : NEAR;
  const line = type * 1.25;
  const [up = "", across = ""] = criteriaOf(tally);
  const marks = numbered(rows);
  const at = (/** @type {number | null | undefined} */ value) => (((value ?? LOWEST) - LOWEST) / (HIGHEST - LOWEST)) * SIZE;
  const means = marks.map(({ row }) => ({ x: at(row.criteria?.[across]?.value), y: SIZE - at(row.criteria?.[up]?.value) }));
  const places = spread(means, apart, SIZE);
  const named = marks.some(({ row }) => row.quadrant);
  return html`
    <figure class="matrix ${far ? "matrix-far" : ""}">
      <svg class="matrix-map" viewBox="${-2.4 * line} ${-1.4 * line} ${SIZE + 2.4 * line + type / 2} ${SIZE + 4.7 * line}" role="img" aria-label=${t("Map of %(up)s and %(across)s; the list says which number is what.", { up: criterionWords(up), across: criterionWords(across) })}>
        <rect class="matrix-best" x=${SIZE / 2} y="0" width=${SIZE / 2} height=${SIZE / 2}></rect>
        <rect class="matrix-frame" x="0" y="0" width=${SIZE} height=${SIZE}></rect>
        <path class="matrix-middle" d="M${SIZE / 2} 0V${SIZE}M0 ${SIZE / 2}H${SIZE}"></path>
        ${named ? corners(line) : nothing}
        ${[1, 2, 3, 4, 5].map((score) => svg`<text class="matrix-tick" x=${at(score)} y=${SIZE + line} text-anchor="middle">${score}</text><text class="matrix-tick" x="-8" y=${SIZE - at(score) + type / 3} text-anchor="end">${score}</text>`)}
        <text class="matrix-axis" x=${SIZE / 2} y=${SIZE + 3 * line} text-anchor="middle">${criterionWords(across)} →</text>
        <text class="matrix-axis" transform="translate(${-1.4 * line} ${SIZE / 2}) rotate(-90)" text-anchor="middle">${criterionWords(up)} →</text>
        ${marks.map((_, n) => leader(means[n], places[n], apart))}
        ${marks.map(({ row, number }, n) => mark(row, number, places[n], apart, type))}
      </svg>
    </figure>`;
}

/** The names of the four quarters, above and below the map: no mark can lie on them. @param {number} line */
function corners(line) {
  const name = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ anchor, /** @type {string} */ quadrant) =>
    svg`<text class="matrix-corner" x=${x} y=${y} text-anchor=${anchor}>${quadrantWords(quadrant)}</text>`;
  const [above, below] = [-line / 3, SIZE + 2 * line];
  return svg`${name(SIZE, above, "end", "quick_win")}${name(0, above, "start", "major_work")}${name(SIZE, below, "end", "small_step")}${name(0, below, "start", "not_now")}`;
}

/** @typedef {import("./matrix-layout.js").Point} Point */

/** From a mark that had to give way to where its means are. @param {Point | undefined} from @param {Point | undefined} to @param {number} apart */
function leader(from, to, apart) {
  if (!from || !to || Math.hypot(from.x - to.x, from.y - to.y) < apart / 4) return nothing;
  return svg`<line class="matrix-leader" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}></line><circle class="matrix-spot" cx=${from.x} cy=${from.y} r="2.5"></circle>`;
}

/** @param {TallyRow} row @param {number} number @param {Point | undefined} place @param {number} apart @param {number} type */
const mark = (row, number, place, apart, type) =>
  svg`<g class="matrix-mark" data-quick=${row.quadrant === "quick_win" ? "true" : "false"} data-factor-number=${factorOf(row.factor)?.number ?? nothing}>
    <circle cx=${place?.x ?? 0} cy=${place?.y ?? 0} r=${apart / 2 - 1}></circle><text x=${place?.x ?? 0} y=${(place?.y ?? 0) + type / 2.9} text-anchor="middle">${number}</text></g>`;

/** The numbers with their words, quadrant by quadrant. @param {Tally} tally @param {readonly TallyRow[]} rows */
export const matrixKey = (tally, rows) =>
  html`${byQuadrant(rows).map(({ title, list }) => html`
    <section class="matrix-group">
      ${title ? html`<p class="matrix-title">${title} <span class="count">${list.length}</span></p>` : nothing}
      <ul class="matrix-list">${list.map(({ row, number }) => keyRow(tally, row, number))}</ul>
    </section>`)}`;

/** What gives much for little comes first. @param {readonly TallyRow[]} rows */
export function byQuadrant(rows) {
  const marks = numbered(rows);
  const some = QUADRANTS.map((quadrant) => ({ title: quadrantWords(quadrant), list: marks.filter(({ row }) => row.quadrant === quadrant) })).filter(({ list }) => list.length);
  return some.length ? some : [{ title: "", list: marks }];
}

/** @param {Tally} tally @param {TallyRow} row @param {number} number */
export const keyRow = (tally, row, number) => html`
  <li><span class="matrix-number">${number}</span> <span dir="auto">${rowLabel(row)}</span>
    <span class="matrix-means">${criteriaOf(tally).map((criterion) => html`<span><span class="matrix-criterion">${criterionWords(criterion)}</span> ${decimal(row.criteria?.[criterion]?.value)}</span>`)}</span></li>`;
