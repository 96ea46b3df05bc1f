/** "Move to…": every way a card can go, by tap or by key. Dragging is an extra. */

import { html } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { t, text, tn } from "../../core/i18n.js";
import { cards, factorOf } from "../../core/records.js";
import { groups } from "./groups.js";
import { group, move } from "./moves.js";
import { liveRound, openFactor, ownFactors } from "./state.js";

/** @import {Card} from "../../core/records.js" */
/** @import {Group} from "./groups.js" */

const NEW = "new";
const NONE = "none";

/** @param {string[]} ids */
export async function askMove(ids) {
  const list = ids.flatMap((id) => cards.value.find((card) => card.id === id) ?? []);
  const first = list[0];
  if (!first) return;
  let choice = "";
  const body = (/** @type {(value?: string) => void} */ close) => html`
    <form class="stack" @submit=${(/** @type {Event} */ event) => event.preventDefault()} @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && close("move")}>
      <p class="muted" dir="auto">${list.length === 1 ? first.text : tn("%(n)s action", "%(n)s actions", list.length)}</p>
      <fieldset class="choices board-places" @change=${(/** @type {Event} */ event) => (choice = /** @type {HTMLInputElement} */ (event.target).value)}>
        <legend class="visually-hidden">${t("Where to?")}</legend>
        ${place(NEW, t("A new group"), t("It gets its name afterwards."))} ${place(NONE, t("No group"), t("It stands alone."), list.every((card) => !card.cluster))}
        ${places().map((found) => groupPlace(found, list))}
      </fieldset>
    </form>`;
  const answer = await openDialog({
    title: t("Move to…"),
    body,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: t("Move"), value: "move", kind: "button-primary" },
    ],
  });
  if (answer !== "move" || !choice) return;
  if (choice === NEW) await group(home(list), list);
  else await move(list, choice === NONE ? null : choice);
}

/** The groups of this person's factors, the open factor's first. @returns {Group[]} */
function places() {
  const own = liveRound.value ? ownFactors(liveRound.value) : [];
  const open = openFactor.value?.id ?? "";
  return [...groups(open), ...own.filter((id) => id !== open).flatMap((id) => groups(id))];
}

/** A new group is at home where its cards are, or on the open factor when they come from several. @param {Card[]} list */
const home = (list) => (list.every((card) => card.factor === list[0]?.factor) ? (list[0]?.factor ?? "") : (openFactor.value?.id ?? ""));

/** @param {Group} group @param {Card[]} moving */
function groupPlace({ cluster, cards: inside }, moving) {
  const factor = factorOf(cluster.factor);
  const name = cluster.name || t("Group without a name");
  const hint = `${factor ? `${factor.number}. ${text(factor.title)}` : ""} · ${tn("%(n)s action", "%(n)s actions", inside.length)}${cluster.name ? "" : ` · ${inside[0]?.text ?? ""}`}`;
  return place(cluster.id, name, hint, moving.every((card) => card.cluster === cluster.id), factor?.number);
}

/** @param {string} value @param {string} name @param {string} hint @param {boolean} [already] @param {number} [number] */
const place = (value, name, hint, already = false, number) => html`
  <label class="choice" data-factor-number=${number ?? ""}><input type="radio" name="place" value=${value} ?disabled=${already} />
    <span><span dir="auto">${name}</span> <span class="hint" dir="auto">${hint}</span></span></label>`;
