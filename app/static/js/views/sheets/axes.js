/** The axes of the administration's own strategy: one a line, to which sheets are tied. */

import { html } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { sentence } from "../../core/errors.js";
import { t, text } from "../../core/i18n.js";
import { board } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";

/** A line keeps its axis while its words stay; a line with new words is a new axis. */
export async function setAxes() {
  const before = board.value?.axes ?? [];
  let lines = before.map(({ name }) => text(name)).join("\n");
  const answer = await openDialog({
    title: t("Strategy axes"),
    body: html`<form class="field" @submit=${(/** @type {Event} */ event) => event.preventDefault()}><label class="label" for="axes">${t("The axes of your administration’s strategy, one a line")}</label>
      <textarea class="input" id="axes" rows="6" autofocus .value=${lines} @input=${(/** @type {Event} */ event) => (lines = /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
      <p class="hint">${t("For example: 3. Organisational development and ethical leadership")}</p></form>`,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: t("Keep"), value: "keep", kind: "button-primary" },
    ],
  });
  if (answer !== "keep") return;
  const done = await submit("board.axes", { axes: axesFrom(lines, before) });
  if (!("code" in done)) return toast(t("The axes are kept."), { undo: () => submit("board.axes", { axes: before }) });
  toast(done.code === "bad_target" ? t("A sheet is tied to an axis that you took away. Move the sheet first.") : sentence(done.code, done.data));
}

/** @param {string} lines @param {{id: string, name: Record<string, string>}[]} before */
function axesFrom(lines, before) {
  const names = [...new Set(lines.split("\n").map((line) => line.trim()).filter(Boolean))];
  let next = Math.max(0, ...before.map(({ id }) => Number(id.slice(1)) || 0));
  return names.map((name) => before.find((axis) => text(axis.name) === name) ?? { id: `A${(next += 1)}`, name: { fr: name, en: name } });
}
