// Who asks to speak, room and remote in turn; and the parity meter: how often each side and place has spoken or voted.

import { effect } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { announce } from "../../core/announce.js";
import { giveFloor } from "../../core/floor.js";
import { t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { floor, presence } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { watch } from "./watch.js";

/** @import {FloorFrame} from "../../contract.js" */
/** @typedef {NonNullable<FloorFrame["hands"]>[number]} Hand */

/** @param {HTMLElement} root */
export function mount(root) {
  let seen = 0;
  effect(() => {
    const count = floor.value.hands?.length ?? 0;
    if (count > seen) announce(tn("%(n)s person asks to speak", "%(n)s people ask to speak", count));
    seen = count;
  });
  return watch(root, view);
}

function view() {
  const hands = floor.value.hands ?? [];
  return html`
    <section class="hands" aria-labelledby="hands-title">
      <h2 class="console-title" id="hands-title">${icon("hand")} ${t("Asking to speak")} <span class="count">${hands.length || nothing}</span></h2>
      ${hands.length ? html`<ol class="hands-list">${repeat(hands, ({ id }) => id, row)}</ol>` : html`<p class="hint">${t("Nobody asks to speak. People raise a hand on their page.")}</p>`}
      ${presence.value.incomplete ? html`<p class="hint">${t("The servers do not hear one another just now: these numbers and the raised hands are those of one of them.")}</p>` : nothing}
      ${parity()}
    </section>`;
}

/** @param {Hand} hand @param {number} index */
function row(hand, index) {
  const facts = [hand.place === "remote" ? t("remote") : t("in the room"), hand.table ?? "", hand.here ? "" : t("not connected")].filter(Boolean);
  const whom = html`<span class="visually-hidden"> ${text(hand.name)}</span>`;
  return html`
    <li class="hands-row" data-row=${hand.id} data-speaking=${hand.speaking} data-place=${hand.place ?? "room"}>
      <p class="hands-name"><strong dir="auto">${text(hand.name)}</strong> <span class="door-facts">${facts.join(" · ")}</span></p>
      <p class="hands-buttons">
        ${hand.speaking
          ? html`<span class="tag tag-running">${t("Has the floor")}</span> <button type="button" class="button button-small button-primary" data-act="done" @click=${() => done(hand)}>${icon("check")} ${t("Has spoken")}${whom}</button>`
          : html`<button type="button" class=${index === 0 || hand === nextHand() ? "button button-small button-primary" : "button button-small"} data-act="give" @click=${() => give(hand)}>${t("Give the floor")}${whom}</button>
              <button type="button" class="button button-small button-quiet button-icon" data-act="lower" aria-label=${t("Take off the list: %(name)s", { name: text(hand.name) })} title=${t("Take off the list")} @click=${() => done(hand)}>${icon("close")}</button>`}
      </p>
    </li>`;
}

/** @param {Hand} hand */
function give(hand) {
  giveFloor("give", hand.id);
  toast(t("%(name)s has the floor. To undo it, give it to somebody else.", { name: text(hand.name) }));
}

/** @param {Hand} hand */
function done(hand) {
  giveFloor("done", hand.id);
  toast(hand.speaking ? t("%(name)s has spoken. This cannot be undone.", { name: text(hand.name) }) : t("%(name)s is off the list. This cannot be undone here; a hand can go up again.", { name: text(hand.name) }));
}

const nextHand = () => floor.value.hands?.find((hand) => !hand.speaking);

/** Shown where five stand behind each; the server leaves the others out. */
function parity() {
  const meter = /** @type {any} */ (presence.value.parity);
  if (!meter) return nothing;
  const words = { internal: t("internal"), external: t("external"), room: t("in the room"), remote: t("remote") };
  const dimensions = [["sides", ["internal", "external"]], ["places", ["room", "remote"]]];
  const rows = dimensions.flatMap(([name, groups]) =>
    /** @type {string[]} */ (groups).map((group) => ({
      group: words[/** @type {keyof typeof words} */ (group)],
      seats: meter.seats[group] ?? 0,
      turns: meter.turns[/** @type {string} */ (name)]?.[group],
      ballots: meter.ballots[/** @type {string} */ (name)]?.[group],
    })),
  );
  const figure = (/** @type {number | undefined} */ n) => (n === undefined ? html`<span class="muted" title=${t("Fewer than five stand behind it")}>–</span>` : n);
  const votes = rows.some((row) => row.ballots !== undefined);
  return html`
    <details class="parity">
      <summary>${t("Parity")}</summary>
      <table class="table parity-table">
        <thead><tr><th scope="col"></th><th scope="col" class="number">${t("Seats")}</th><th scope="col" class="number">${t("Turns")}</th>${votes ? html`<th scope="col" class="number">${t("Ballots")}</th>` : nothing}</tr></thead>
        <tbody>${rows.map((row) => html`<tr><th scope="row">${row.group}</th><td class="number">${row.seats}</td><td class="number">${figure(row.turns)}</td>${votes ? html`<td class="number">${figure(row.ballots)}</td>` : nothing}</tr>`)}</tbody>
      </table>
      <p class="hint">${t("Shown only where five stand behind each line. Turns are counted since the server started.")}</p>
    </details>`;
}
