// Shows of hands beside a published vote: by table, labelled as what they are, in no sum.

import { html, nothing } from "lit-html";
import { handcountsOf } from "../../core/handcounts.js";
import { icon } from "../../core/icon.js";
import { formatNumber, t, text, tn } from "../../core/i18n.js";
import { tables } from "../../core/records.js";
import { rowLabel } from "./words.js";

/** @import {Handcount} from "../../core/handcounts.js" */
/** @import {Tally} from "../../core/records.js" */

/** @param {Handcount} one */
export const tableName = (one) => text(tables.value.find(({ id }) => id === one.table)?.name) || one.table;

/** The targets for which hands rose, the most first. @param {Tally} tally @param {Handcount} one @returns {{label: string, hands: number}[]} */
export const raised = (tally, one) =>
  tally.rows.flatMap((row) => (one.counts[row.target] ? [{ label: rowLabel(row), hands: one.counts[row.target] ?? 0 }] : [])).sort((a, b) => b.hands - a.hands);

/** @param {Tally} tally */
export function handsOf(tally) {
  const counted = handcountsOf(tally);
  if (!counted.length) return nothing;
  return html`
    <section class="results-hands">
      <h4 class="board-sub">${icon("hand")} ${t("Show of hands: not secret, and in no figure of the vote")}</h4>
      ${counted.map((one) => html`
        <p><strong>${tableName(one)}</strong> · ${tn("%(n)s person", "%(n)s people", one.present)}</p>
        <ul>${raised(tally, one).map(({ label, hands }) => html`<li><span dir="auto">${label}</span> <strong class="numeric">${formatNumber(hands)}</strong></li>`)}</ul>`)}
    </section>`;
}
