// The queue at the door: who asks for a seat, with what they said of themselves; let in or turn away.

import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { announce } from "../../core/announce.js";
import { formatTime, t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { tables } from "../../core/records.js";
import { page, presence } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { getJson, postJson, Refused } from "./post.js";
import { watch } from "./watch.js";

/** @typedef {{id: string, name: string, side: string, category?: string, place?: string, table?: string | null, asked_at?: number}} Asker */

const queue = signal(/** @type {Asker[]} */ ([]));
const busy = signal(/** @type {ReadonlySet<string>} */ (new Set()));

/** How many wait, by the server's count. */
export const waitingAtDoor = () => presence.value.door ?? queue.value.length;

/** @param {HTMLElement} root */
export function mount(root) {
  let seen = 0;
  effect(() => {
    const count = presence.value.door ?? 0;
    if (count > seen) announce(tn("%(n)s person waits at the door", "%(n)s people wait at the door", count));
    if (count !== seen || (count > 0 && !queue.peek().length)) void refresh();
    seen = count;
  });
  return watch(root, view);
}

async function refresh() {
  try {
    queue.value = /** @type {Asker[]} */ (await getJson(page.urls.door));
  } catch {
    // The count comes again with the next presence frame, and the list with it.
  }
}

function view() {
  if (!queue.value.length) return nothing;
  return html`
    <section class="door" aria-labelledby="door-title">
      <h2 class="console-title" id="door-title">${icon("people")} ${t("At the door")} <span class="count">${queue.value.length}</span></h2>
      <ul class="door-list">${repeat(queue.value, (asker) => asker.id, row)}</ul>
    </section>`;
}

/** @param {Asker} asker */
function row(asker) {
  const facts = [sideWord(asker.side), asker.category, placeWord(asker.place), asker.asked_at && formatTime(asker.asked_at)].filter(Boolean);
  const whom = html`<span class="visually-hidden"> ${asker.name}</span>`;
  const isBusy = busy.value.has(asker.id);
  return html`
    <li class="door-row">
      <p class="door-name"><strong dir="auto">${asker.name}</strong> <span class="door-facts">${facts.join(" · ")}</span></p>
      ${tables.value.length ? tableChoice(asker) : nothing}
      <p class="door-buttons">
        <button type="button" class="button button-small button-primary" ?disabled=${isBusy} @click=${(/** @type {Event} */ event) => decide(asker, "admit", chosenTable(event))}>${t("Let in")}${whom}</button>
        <button type="button" class="button button-small" ?disabled=${isBusy} @click=${() => decide(asker, "refuse")}>${t("Turn away")}${whom}</button>
      </p>
    </li>`;
}

/** @param {string} side */
const sideWord = (side) => (side === "internal" ? t("internal") : side === "external" ? t("external") : side);
/** @param {string | undefined} place */
const placeWord = (place) => (place === "room" ? t("in the room") : place === "remote" ? t("remote") : place);

/** Whoever knows no table is given one here: without it there is nothing to write on. @param {Asker} asker */
const tableChoice = (asker) => html`
  <select class="input" aria-label=${t("Table of %(name)s", { name: asker.name })}>
    <option value="" ?selected=${!asker.table}>${t("No table yet")}</option>
    ${tables.value.map(({ id, name }) => html`<option value=${id} ?selected=${id === asker.table}>${text(name)}</option>`)}
  </select>`;

/** @param {Event} event @returns {string | undefined} */
const chosenTable = (event) => /** @type {HTMLElement} */ (event.target).closest(".door-row")?.querySelector("select")?.value;

/** The queue may be the practice board's: its query stays behind the id. @param {Asker} asker */
function doorOf(asker) {
  const url = new URL(page.urls["door"] ?? "", location.href);
  url.pathname += `/${encodeURIComponent(asker.id)}`;
  return url.href;
}

/** @param {Asker} asker @param {"admit"|"refuse"} decision @param {string} [table] empty: none */
async function decide(asker, decision, table) {
  busy.value = new Set([...busy.value, asker.id]);
  try {
    await postJson(doorOf(asker), table === undefined ? { decision } : { decision, table });
    queue.value = queue.value.filter((other) => other.id !== asker.id);
    toast(decision === "admit" ? t("%(name)s has a seat.", { name: asker.name }) : t("%(name)s was turned away and may ask again.", { name: asker.name }));
  } catch (error) {
    toast(error instanceof Refused ? error.message : t("That did not reach the server. Try again."));
  } finally {
    busy.value = new Set([...busy.value].filter((id) => id !== asker.id));
    void refresh();
  }
}
