/** Who is here without a device: ticked, they count from the next round on as everybody does. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { t, text, tn } from "../../core/i18n.js";
import { page } from "../../core/page.js";
import { rounds, tables } from "../../core/records.js";
import { toast } from "../../core/toast.js";
import { icon } from "../../core/icon.js";
import { desk, tick } from "./state.js";

export function hereView() {
  const places = desk.value?.people;
  if (!places) return nothing;
  const here = page.desk.filter(({ mark }) => places[mark] === "here").length;
  // Before the first round it is the first thing to do; later it is out of the way.
  const isFirst = !rounds.value.some(({ epoch }) => epoch > 0);
  return html`
    <details class="panel room-here" ?open=${isFirst}>
      <summary class="panel-title">${icon("people")} ${t("Here without a device")} <span class="count">${here}</span></summary>
      <p class="muted">${t("Tick who has no device: from the next round on they count as everybody does, and vote on paper or dictate to you.")}</p>
      ${byTable().map(([name, seats]) => html`
        <fieldset class="room-table"><legend>${name}</legend>
          ${seats.map((seat) => person(seat, places[seat.mark] ?? "away"))}
        </fieldset>`)}
      <p class="muted">${tn("%(n)s seat", "%(n)s seats", page.desk.length)} · ${t("%(n)s on a device", { n: Object.values(places).filter((place) => place === "device").length })}</p>
    </details>`;
}

/** @returns {[string, typeof page.desk][]} */
function byTable() {
  const nameOf = (/** @type {string | null} */ id) => text(tables.value.find((table) => table.id === id)?.name);
  const ids = [...new Set(page.desk.map(({ table }) => table))].sort((a, b) => nameOf(a).localeCompare(nameOf(b), page.lang, { numeric: true }));
  // Whoever sits nowhere comes last, as on the list of people.
  return [...ids.filter(nameOf), ...ids.filter((id) => !nameOf(id))].map((id) => [nameOf(id) || t("Without a table"), page.desk.filter(({ table }) => table === id)]);
}

/** @param {{mark: string, name: Record<string, string>}} seat @param {"here" | "device" | "away"} place */
function person({ mark, name }, place) {
  if (place === "device") return html`<p class="room-person"><span class="numeric">${mark}</span> <span dir="auto">${text(name)}</span> <span class="tag">${t("on a device")}</span></p>`;
  const change = async (/** @type {Event} */ event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (await tick(mark, box.checked)) return;
    box.checked = !box.checked;
    toast(t("No connection. Nothing was changed; tick again in a moment."));
  };
  return html`<label class="check room-person"><input type="checkbox" data-here=${mark} .checked=${live(place === "here")} @change=${change} /> <span><span class="numeric">${mark}</span> <span dir="auto">${text(name)}</span></span></label>`;
}
