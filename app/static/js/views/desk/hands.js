/** A show of hands at a table: counted once the vote is closed, shown apart from the ballots, and never secret. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { page } from "../../core/page.js";
import { rounds, tables } from "../../core/records.js";
import { factorsFor, inOrder, isVoting } from "../../core/rounds.js";
import { submit, you } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { targetLabel } from "../console/labels.js";
import { linesOf } from "./readings.js";

/** @import {Round} from "../../core/records.js" */

const table = signal("");
const hands = signal(/** @type {Record<string, number>} */ ({}));
const present = signal(0);

/** The last vote that is over. */
const lastVote = () => inOrder(rounds.value).reverse().find((round) => isVoting(round) && round.epoch > 0 && (round.state === "closed" || round.state === "published"));

const seatsOf = (/** @type {string} */ id) => page.desk.filter((seat) => seat.table === id).length;

export function handsView() {
  const round = lastVote();
  const own = you.value.role === "scribe" ? you.value.table ?? "" : table.value;
  const there = tables.value.filter(({ id }) => seatsOf(id) > 0);
  if (!round || !there.length) return nothing;
  const shown = own || there[0]?.id || "";
  return html`
    <details class="panel paper-desk">
      <summary class="panel-title">${icon("hand")} ${t("Show of hands")} · ${text(round.name)}</summary>
      <p>${t("For a table that raised hands instead of voting. It is not secret, stands apart in the results, and is never added to the ballots.")}</p>
      <form @submit=${(/** @type {Event} */ event) => (event.preventDefault(), void send(round, shown))}>
        <div class="paper-head">
          ${you.value.role === "scribe" ? nothing : html`<label class="field">${t("Table of the room")}
            <select class="input" id="hands-table" @change=${(/** @type {Event} */ event) => ((table.value = /** @type {HTMLSelectElement} */ (event.target).value), clear())}>${there.map(({ id, name }) => html`<option value=${id} ?selected=${id === shown}>${text(name)}</option>`)}</select></label>`}
          <label class="field">${t("People who took part, of %(n)s seats", { n: seatsOf(shown) })}
            <input id="hands-present" class="input" type="number" min="0" max=${seatsOf(shown)} .value=${live(String(present.value || ""))} @input=${(/** @type {InputEvent} */ event) => (present.value = numberIn(event))} /></label>
        </div>
        <ol class="paper-lines">${linesOf(round, factorsFor(round, shown)).map(({ target, code }) => html`
          <li class="paper-line"><label for="hands-${code}"><span class="paper-code">${code}</span> <span dir="auto">${targetLabel(target.id)}</span></label>
            <input id="hands-${code}" class="input" type="number" min="0" max=${present.value} .value=${live(String(hands.value[target.id] ?? ""))} @input=${(/** @type {InputEvent} */ event) => (hands.value = { ...hands.value, [target.id]: numberIn(event) })} /></li>`)}</ol>
        <div class="paper-end"><button type="submit" class="button button-primary">${icon("send")} ${t("Enter the show of hands")}</button></div>
      </form>
    </details>`;
}

const numberIn = (/** @type {InputEvent} */ event) => Math.max(0, Math.round(Number(/** @type {HTMLInputElement} */ (event.target).value)) || 0);

function clear() {
  hands.value = {};
  present.value = 0;
}

/** @param {Round} round @param {string} at */
async function send(round, at) {
  const counts = Object.fromEntries(Object.entries(hands.value).filter(([, n]) => n > 0));
  const answer = await submit("handcount.enter", { round: round.id, epoch: round.epoch, table: at, present: present.value, counts });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  clear();
  return toast(round.state === "published" ? t("Entered. Everybody sees it beside the result.") : t("Entered. Everybody sees it once the vote is published."));
}
