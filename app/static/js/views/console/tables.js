// The tables of a live round: each one's factors and time, and more time for one alone. The others close when the room does.

import { html, nothing } from "lit-html";
import { format, remaining } from "../../core/countdown.js";
import { t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { factorOf, tables } from "../../core/records.js";
import { isLive, isVoting, isWriting } from "../../core/rounds.js";
import { extendTable, endTable, isWaiting } from "./commands.js";

/** @import {Round, Table} from "../../core/records.js" */

/** @param {Round} round @param {unknown} face the clock's, which turns once a second */
export function tablesView(round, face) {
  if (!face || !isLive(round) || !isWork(round) || !tables.value.length) return nothing;
  const own = tables.value.filter(({ id }) => !round.scope || round.scope[id]?.length);
  if (!own.length) return nothing;
  const longer = Object.keys(round.extra ?? {}).length;
  return html`
    <details class="tables" ?open=${longer > 0}>
      <summary>${t("More time for one table")}</summary>
      <ul class="tables-list">${own.map((table) => row(round, table))}</ul>
    </details>`;
}

/** Whether tables work for themselves in it: a talk or a break ends for all. @param {Round} round */
const isWork = (round) => Boolean(round.scope) || round.kind === "cluster" || isWriting(round) || isVoting(round);

/** @param {Round} round @param {Table} table */
function row(round, table) {
  const numbers = (round.scope?.[table.id] ?? []).map((id) => factorOf(id)?.number ?? 0);
  const own = round.extra?.[table.id];
  const name = text(table.name);
  const left = remaining(round, table.id) ?? 0;
  const button = (/** @type {number} */ minutes) => html`<button type="button" class="button button-small" data-act=${`extend${minutes}`} aria-label=${t("%(n)s more minutes for %(name)s", { n: minutes, name })} aria-disabled=${isWaiting(round)} @click=${() => isWaiting(round) || extendTable(round, table, minutes)}>${t("+%(n)s min", { n: minutes })}</button>`;
  return html`
    <li class="tables-row" data-row=${table.id} data-longer=${own !== undefined}>
      <span class="tables-name">${name} ${numbers.map((n) => html`<span class="factor-number" data-factor-number=${n}>${n}</span>`)}</span>
      <span class="tables-time">${own === undefined ? nothing : html`${icon("clock")} ${format(Math.max(0, left))}`}</span>
      <span class="tables-buttons">${button(1)} ${button(3)}
        ${own === undefined ? nothing : html`<button type="button" class="button button-small button-quiet" data-act="end" @click=${() => endTable(round, table)}>${t("With the others")}</button>`}</span>
    </li>`;
}
