/** A group's name: set by those who may, proposed by the others. */

import { html } from "lit-html";
import { NAME_CHARS } from "../../contract.js";
import { openDialog } from "../../core/dialog.js";
import { t } from "../../core/i18n.js";
import { propose, rename } from "./moves.js";

/** @import {Cluster} from "../../core/records.js" */

/** @param {Cluster} cluster @param {boolean} direct */
export async function askName(cluster, direct) {
  let name = direct ? cluster.name : "";
  const title = direct ? t("Name this group") : t("Propose a name for this group");
  const answer = await openDialog({
    title,
    body: (/** @type {(value?: string) => void} */ close) => html`
      <form class="field" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), close("yes"))}>
        <label for="group-name">${t("Name, as a verb and an object")}</label>
        <input id="group-name" class="input" type="text" dir="auto" maxlength=${NAME_CHARS} .value=${name} autofocus @input=${(/** @type {InputEvent} */ event) => (name = /** @type {HTMLInputElement} */ (event.target).value)} />
        <p class="hint">${t("%(n)s characters at most.", { n: NAME_CHARS })} ${direct ? "" : t("The facilitator or the table’s scribe chooses. Nobody sees who proposed it.")}</p>
      </form>`,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: direct ? t("Set the name") : t("Propose"), value: "yes", kind: "button-primary" },
    ],
  });
  if (answer !== "yes" || !name.trim()) return;
  await (direct ? rename(cluster, name.trim()) : propose(cluster, name.trim()));
}
