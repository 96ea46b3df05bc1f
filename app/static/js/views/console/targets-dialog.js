// Choosing what a round is about: tick groups one by one, or take a ready-made choice from the last tally.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t, text } from "../../core/i18n.js";
import { isOneList } from "../../core/lists.js";
import { cards, clusters, factors, tallies } from "../../core/records.js";
import { toast } from "../../core/toast.js";
import { ask } from "./ask.js";
import { targetLabel } from "./labels.js";
import { valueWords } from "../results/words.js";
import { lastTally } from "./results.js";
import { best, candidates, close, mostDivergent, quickWins } from "./targets.js";

/** @import {Factor, Round, Tally} from "../../core/records.js" */
/** @import {Target} from "./targets.js" */

// What the console proposes; whoever confirms may ask for more or fewer.
const PLACES = 3;
const MOST_PLACES = 20;

/** @param {Round} round @param {string} [yes] @returns {Promise<string[] | null>} the ids chosen, at least one */
export async function chooseTargets(round, yes = t("Start with this list")) {
  const list = candidates(round, clusters.value, cards.value);
  const tally = lastTally(tallies.value.filter((one) => one.rows.some((row) => list.some(({ id }) => id === row.target))));
  const places = signal(PLACES);
  const chosen = signal(/** @type {ReadonlySet<string>} */ (new Set(tally ? inList(best(tally, PLACES), list) : [])));
  const answer = await ask({ title: t("What is this round about?"), body: () => body(list, tally, chosen, places), yes, value: () => [...chosen.value], wide: true });
  if (answer && !answer.length) toast(t("Nothing was chosen: the round did not start."));
  return answer?.length ? answer : null;
}

/** @param {string[]} ids @param {Target[]} list */
const inList = (ids, list) => ids.filter((id) => list.some((target) => target.id === id));

/** @param {Target[]} list @param {Tally | undefined} tally @param {import("@preact/signals-core").Signal<ReadonlySet<string>>} chosen @param {import("@preact/signals-core").Signal<number>} places */
function body(list, tally, chosen, places) {
  if (!list.length) return html`<p>${t("There is nothing to choose from yet: publish and group actions first.")}</p>`;
  const set = (/** @type {string[]} */ ids) => () => (chosen.value = new Set(inList(ids, list)));
  return html`
    <div class="targets-presets" role="group" aria-label=${t("Ready-made choices")}>
      ${tally
        ? html`
            <label class="targets-places">${t("How many")} <input class="input" type="number" min="1" max=${MOST_PLACES} .value=${String(places.value)} @change=${(/** @type {Event} */ event) => (places.value = Math.min(MOST_PLACES, Math.max(1, Number(/** @type {HTMLInputElement} */ (event.target).value) || PLACES)))} /></label>
            <button type="button" class="button button-small" @click=${set(best(tally, places.value))}>${isOneList(tally.rows) ? t("The first %(n)s", { n: places.value }) : t("The first %(n)s of each factor", { n: places.value })}</button>
            <button type="button" class="button button-small" @click=${set(close(tally, places.value))}>${t("Close calls")}</button>
            <button type="button" class="button button-small" ?disabled=${!mostDivergent(tally, places.value).length} @click=${set(mostDivergent(tally, places.value))}>${t("The %(n)s on which the sides differ most", { n: places.value })}</button>
            ${quickWins(tally).length ? html`<button type="button" class="button button-small" @click=${set(quickWins(tally))}>${t("Quick wins")}</button>` : nothing}`
        : nothing}
      <button type="button" class="button button-small" @click=${set(list.map((target) => target.id))}>${t("All")}</button>
      <button type="button" class="button button-small" @click=${set([])}>${t("None")}</button>
    </div>
    ${tally ? html`<p class="hint">${t("Equal figures at the cut are taken whole, so a list may be longer than that.")}</p>` : nothing}
    <p class="targets-count" role="status">${t("Chosen: %(n)s", { n: chosen.value.size })}</p>
    <div class="targets-list">
      ${factors.value.map((factor) => factorGroup(factor, list.filter((target) => target.factor === factor.id), tally, chosen))}
    </div>`;
}

/** @param {Factor} factor @param {Target[]} list @param {Tally | undefined} tally @param {import("@preact/signals-core").Signal<ReadonlySet<string>>} chosen */
function factorGroup(factor, list, tally, chosen) {
  if (!list.length) return nothing;
  const place = new Map(tally?.rows.map((row) => [row.target, row]));
  const sorted = [...list].sort((a, b) => (place.get(a.id)?.rank ?? 999) - (place.get(b.id)?.rank ?? 999));
  return html`
    <fieldset class="targets-factor">
      <legend><span class="factor-number" data-factor-number=${factor.number}>${factor.number}</span> ${text(factor.title)}</legend>
      ${sorted.map((target) => {
        const row = place.get(target.id);
        return html`
          <label class="targets-row">
            <input type="checkbox" .checked=${chosen.value.has(target.id)} @change=${() => (chosen.value = toggled(chosen.value, target.id))} />
            <span>${targetLabel(target.id)}</span>
            ${row && tally ? html`<span class="targets-total">${valueWords(tally, row)}</span>` : nothing}
          </label>`;
      })}
    </fieldset>`;
}

/** @param {ReadonlySet<string>} set @param {string} id */
function toggled(set, id) {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
