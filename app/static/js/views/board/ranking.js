/** What a vote has given, on the board: one factor's list, or the one list of the round. */

import { html } from "lit-html";
import { t, text } from "../../core/i18n.js";
import { groupByBucket } from "../../core/methods.js";
import { rounds } from "../../core/records.js";
import { resultOf, turnoutWords } from "../results/result.js";
import { emptyUrn } from "../results/words.js";

/** @import {Tally} from "../../core/records.js" */

/** @param {Tally} tally @param {string} [factor] */
export function rankingView(tally, factor) {
  const groups = [...groupByBucket(tally.rows.filter((row) => !factor || row.factor === factor)).values()];
  const round = rounds.value.find(({ id }) => id === tally.round);
  const words = t("Result: %(round)s", { round: text(round?.name) });
  const title = `ranking-${tally.id}-${factor ?? ""}`;
  return html`
    <section class="panel ranking" aria-labelledby=${title}>
      ${factor ? html`<h3 class="panel-title" id=${title}>${words}</h3>` : html`<h2 class="panel-title" id=${title}>${words}</h2>`}
      ${tally.ballots ? groups.map((rows) => resultOf(tally, rows)) : html`<p class="empty">${emptyUrn()}</p>`}
      ${turnoutWords(tally)}
    </section>`;
}
