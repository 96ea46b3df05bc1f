// Before a round starts: what the server finds odd about it, in words. The facilitator decides.

import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { factorOf, rounds } from "../../core/records.js";
import { isVoting } from "../../core/rounds.js";
import { page, revision } from "../../core/session.js";
import { ask } from "./ask.js";
import { getJson } from "./post.js";
import { chosenRound } from "./state.js";

/** @import {Round} from "../../core/records.js" */
/** @typedef {{code: string, count: number, factor: string | null, round: string | null}} Finding */

const PAUSE_MS = 400;
/** What was found about the planned round on the stage. */
const found = signal(/** @type {{round: string, list: Finding[]}} */ ({ round: "", list: [] }));

/** @param {Round} round @returns {Promise<Finding[]>} */
async function look(round) {
  try {
    return /** @type {Finding[]} */ (await getJson((page.urls["checklist"] ?? "").replace("ROUND", encodeURIComponent(round.id))));
  } catch {
    return []; // without a link nothing can start either
  }
}

/** Looks again whenever the board or the round on the stage changes, when it has been quiet for a moment. */
export function startChecklist() {
  effect(() => {
    void revision.value;
    const round = chosenRound.value;
    if (round?.state !== "planned") return;
    const timer = setTimeout(async () => (found.value = { round: round.id, list: await look(round) }), PAUSE_MS);
    return () => clearTimeout(timer);
  });
}

/** @param {string} code @param {number} count */
function wordsOf(code, count) {
  switch (code) {
    case "ungrouped": return t("Actions in no group: each stands alone on the list");
    case "unnamed_groups": return t("Groups without a name");
    case "likely_duplicates": return t("Likely duplicates that are still apart");
    case "nothing_to_vote_on": return t("Nothing to vote on");
    case "planned_list_is_gone": return tn("%(n)s choice of the planned list is no longer there", "%(n)s choices of the planned list are no longer there", count);
    case "unpublished": return t("Closed, and still to be published");
    case "tables_without_factors": return tn("%(n)s table has nothing to do in this round", "%(n)s tables have nothing to do in this round", count);
    default: return code;
  }
}

/** One line for each thing, with where it is. @param {Finding[]} list */
function lines(list) {
  const codes = [...new Set(list.map(({ code }) => code))];
  return html`
    <ul class="warnings">
      ${codes.map((code) => {
        const own = list.filter((finding) => finding.code === code);
        return html`<li><span class="warnings-words">${wordsOf(code, own[0]?.count ?? 1)}</span> <span class="warnings-factors">${own.map(place)}</span></li>`;
      })}
    </ul>`;
}

/** @param {Finding} finding */
function place({ count, factor, round }) {
  const number = factorOf(factor ?? "")?.number;
  if (number) return html`<span><span class="factor-number" data-factor-number=${number}>${number}</span>${count > 1 ? html`<span class="warnings-count">× ${count}</span>` : nothing}</span>`;
  const other = rounds.value.find(({ id }) => id === round);
  return other ? html`<span>${text(other.name)}</span>` : nothing;
}

/** Beside the rules of a planned round. @param {Round} round */
export function checklistView(round) {
  if (round.state !== "planned" || found.value.round !== round.id || !found.value.list.length) return nothing;
  return html`<div class="notice" role="note">${icon("warning")}<div><p><strong>${isVoting(round) ? t("Before you open the vote") : t("Before you start")}</strong></p>${lines(found.value.list)}</div></div>`;
}

/** Asks only when there is something to ask about. @param {Round} round @returns {Promise<true | null>} */
export async function confirmStart(round) {
  const list = await look(round);
  if (!list.length) return true;
  const vote = isVoting(round);
  return ask({
    title: vote ? t("Open the vote with this list?") : t("Start this round now?"),
    body: html`${lines(list)}${vote ? html`<p>${t("Opening freezes the list: groups can no longer change until the close.")}</p>` : nothing}`,
    yes: vote ? t("Open the vote") : t("Start anyway"),
    value: () => /** @type {const} */ (true),
  });
}
