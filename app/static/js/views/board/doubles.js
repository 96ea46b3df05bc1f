/** A hint for the table while it groups: actions that perhaps say the same. Ticking both is all it does. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { doublesIn, followDoubles } from "../../core/doubles.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { mayGroup } from "./follow.js";
import { liveRound, openFactor, ticked } from "./state.js";

/** @import {Double} from "../../core/doubles.js" */
/** @import {Factor} from "../../core/records.js" */

const MOST = 3;

export const startHints = () => followDoubles(() => liveRound.value?.kind === "cluster" && mayGroup(liveRound.value, openFactor.value));

/** @param {Factor} factor */
export function hintsView(factor) {
  // What is said to be the same across factors is for the facilitator: a table works on its own.
  const list = doublesIn(factor.id).filter(({ cards: [a, b] }) => a.factor === b.factor).slice(0, MOST);
  if (!list.length) return nothing;
  return html`
    <details class="doubles">
      <summary class="board-sub">${icon("copy")} ${t("Perhaps the same")} <span class="count">${list.length}</span></summary>
      <p class="hint">${t("Suggested by their words alone. You decide.")}</p>
      <ul class="doubles-list">${repeat(list, ({ cards: [a, b] }) => `${a.id}:${b.id}`, row)}</ul>
    </details>`;
}

/** @param {Double} pair */
function row({ cards: [a, b] }) {
  return html`
    <li class="double" data-id="${a.id}:${b.id}">
      ${[a, b].map((card) => html`<p class="double-card"><span class="card-number">${card.number}</span> <span dir="auto">${card.text}</span></p>`)}
      <div class="double-foot"><button type="button" class="button button-small" data-act="both" aria-pressed=${ticked.value.has(a.id) && ticked.value.has(b.id) ? "true" : "false"} @click=${() => (ticked.value = new Set([...ticked.value, a.id, b.id]))}>${icon("check")} ${t("Tick both")}</button></div>
    </li>`;
}
