/** Which groups get a sheet: listed by factor with their newest votes, the best of each factor ticked. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { sentence } from "../../core/errors.js";
import { t, text, tn } from "../../core/i18n.js";
import { cards, clusters, factors, sheets, tallies } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";

/** @typedef {{table: "clusters" | "cards", id: string, factor: string, name: string, points: number | null, rank: number}} Candidate */

const BEST = 1;

export async function makeSheets() {
  const all = candidates();
  const picked = signal(new Set(all.filter(({ points, rank }) => points && rank <= BEST).map(({ id }) => id)));
  const toggle = (/** @type {string} */ id) => {
    const after = new Set(picked.value);
    if (!after.delete(id)) after.add(id);
    picked.value = after;
  };
  const answer = await openDialog({
    title: t("New sheets"),
    wide: true,
    body: () => html`
      <p>${all.length ? t("Tick what the workshop keeps. Whatever has a sheet already is not listed.") : t("There is nothing without a sheet: no published action, or all of them have one.")}</p>
      ${factors.value.map((factor) => {
        const here = all.filter((one) => one.factor === factor.id);
        return here.length
          ? html`<fieldset data-factor-number=${factor.number}><legend class="factor-head"><span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></legend>
              ${here.map((one) => html`<label class="check"><input type="checkbox" .checked=${picked.value.has(one.id)} @change=${() => toggle(one.id)} /> <span dir="auto">${one.name}</span> ${one.points === null ? nothing : html`<span class="muted">${tn("%(n)s point", "%(n)s points", one.points)}</span>`}</label>`)}</fieldset>`
          : nothing;
      })}
      <p role="status">${tn("%(n)s sheet will be opened", "%(n)s sheets will be opened", picked.value.size)}</p>`,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: t("Open the sheets"), value: "make", kind: "button-primary" },
    ],
  });
  const targets = all.filter(({ id }) => picked.value.has(id)).map(({ table, id }) => ({ table, id }));
  if (answer !== "make" || !targets.length) return;
  const done = await submit("sheet.make", { targets });
  toast("code" in done ? sentence(done.code, done.data) : tn("%(n)s sheet is open", "%(n)s sheets are open", targets.length));
}

/** Groups, and actions that are in none, which have no sheet yet; those with votes first. @returns {Candidate[]} */
function candidates() {
  const taken = new Set(sheets.value.filter((sheet) => sheet.state !== "dropped").map((sheet) => sheet.source.id));
  const rows = new Map(tallies.value.flatMap((tally) => tally.rows.map((row) => [row.target, row])));
  const shown = cards.value.filter((card) => card.state === "published" && card.kind === "action");
  const filled = clusters.value.flatMap((cluster) => {
    const inside = shown.filter((card) => card.cluster === cluster.id);
    return inside[0] ? [{ table: /** @type {const} */ ("clusters"), id: cluster.id, factor: cluster.factor, name: cluster.name || inside[0].text }] : [];
  });
  const lone = shown.filter((card) => !card.cluster).map((card) => ({ table: /** @type {const} */ ("cards"), id: card.id, factor: card.factor, name: card.text }));
  return [...filled, ...lone]
    .filter(({ id }) => !taken.has(id))
    .map((one) => ({ ...one, points: rows.get(one.id)?.total ?? null, rank: rows.get(one.id)?.rank ?? Infinity }))
    .sort((a, b) => a.rank - b.rank);
}
