/** One group into another: done by a scribe or facilitator, suggested by an expert. */

import { html } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { t, text, tn } from "../../core/i18n.js";
import { factorOf } from "../../core/records.js";
import { groups, labelOf } from "./groups.js";
import { merge, suggestMerge } from "./moves.js";

/** @import {Cluster} from "../../core/records.js" */

/** @param {Cluster} cluster @param {boolean} direct */
export async function askMerge(cluster, direct) {
  let choice = "";
  const near = groups().filter((group) => group.cluster.id !== cluster.id);
  // Groups of the same factor first; those of others may be the same all the same.
  near.sort((a, b) => Number(b.cluster.factor === cluster.factor) - Number(a.cluster.factor === cluster.factor) || (factorOf(a.cluster.factor)?.number ?? 0) - (factorOf(b.cluster.factor)?.number ?? 0));
  const answer = await openDialog({
    title: direct ? t("Merge into…") : t("Suggest a merge"),
    body: html`
      <p dir="auto"><strong>${labelOf(cluster)}</strong></p>
      ${direct ? "" : html`<p class="hint">${t("The facilitator accepts or declines it; until then nothing changes.")}</p>`}
      <fieldset class="choices board-places" @change=${(/** @type {Event} */ event) => (choice = /** @type {HTMLInputElement} */ (event.target).value)}>
        <legend class="visually-hidden">${t("Into which group?")}</legend>
        ${near.length ? near.map(({ cluster: other, cards }) => html`
          <label class="choice" data-factor-number=${factorOf(other.factor)?.number ?? ""}><input type="radio" name="into" value=${other.id} />
            <span><span dir="auto">${labelOf(other)}</span> <span class="hint" dir="auto">${factorOf(other.factor)?.number}. ${text(factorOf(other.factor)?.title)} · ${tn("%(n)s action", "%(n)s actions", cards.length)}</span></span></label>`) : html`<p class="muted">${t("There is no other group yet.")}</p>`}
      </fieldset>`,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: direct ? t("Merge") : t("Suggest"), value: "yes", kind: "button-primary" },
    ],
  });
  if (answer !== "yes" || !choice) return;
  await (direct ? merge(cluster, choice) : suggestMerge(cluster, choice));
}
