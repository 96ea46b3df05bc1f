/** A person's translation of a card or comment, and in which language it was written: for the co-facilitator and the rapporteur. */

import { html, nothing } from "lit-html";
import { CARD_CHARS, COMMENT_CHARS } from "../../contract.js";
import { openDialog } from "../../core/dialog.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { may, page, submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";

/** @import {Bilingual} from "./both-texts.js" */
/** @typedef {"cards" | "comments"} Table */
/** @typedef {Bilingual & {id: string}} Text */

const NOUNS = /** @type {const} */ ({ cards: "card", comments: "comment" });
const LIMITS = { cards: CARD_CHARS, comments: COMMENT_CHARS };

/** @param {Table} table @param {Text} record */
export function translateButton(table, record) {
  if (!may(`${NOUNS[table]}.translate`)) return nothing;
  return html`<button type="button" class="button button-small button-quiet" data-act="translate" aria-label=${t("Translation")} title=${t("Translation")} @click=${() => ask(table, record)}>${icon("language")} <span class="card-word">${t("Translation")}</span></button>`;
}

/** @param {Table} table @param {Text} record */
async function ask(table, record) {
  const noun = NOUNS[table];
  const guessed = record.language ?? page.lang;
  let from = guessed;
  /** @type {Record<string, string>} */
  const written = {};
  const words = (/** @type {string} */ lang) => written[lang] ?? record.translation?.[lang] ?? "";
  const field = (/** @type {string} */ lang) => html`
    <label class="field"><span>${lang === "fr" ? t("In French") : t("In English")}</span>
      <textarea class="input" rows="3" lang=${lang} dir="auto" maxlength=${LIMITS[table]} .value=${words(lang)} @input=${(/** @type {InputEvent} */ event) => (written[lang] = /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>`;
  const answer = await openDialog({
    title: t("Translation"),
    body: html`
      <p dir="auto" lang=${record.language ?? nothing}><strong>${record.text}</strong></p>
      <label class="field"><span>${t("It is written in")}</span>
        <select class="input" @change=${(/** @type {Event} */ event) => (from = /** @type {HTMLSelectElement} */ (event.target).value)}>
          <option value="fr" ?selected=${guessed === "fr"}>${t("French")}</option><option value="en" ?selected=${guessed === "en"}>${t("English")}</option>
        </select></label>
      <p class="hint">${t("The original stays as it is; your words stand beside it. Leave a box empty to take a translation back.")}</p>
      ${guessed === "fr" ? [field("en"), field("fr")] : [field("fr"), field("en")]}`,
    actions: [
      { label: t("Cancel"), value: "" },
      { label: t("Keep it"), value: "yes", kind: "button-primary" },
    ],
  });
  if (answer !== "yes") return;
  const ops = Object.entries(written).filter(([lang, text]) => text.trim() !== (record.translation?.[lang] ?? ""));
  const answers = [
    ...(from === record.language ? [] : [await submit(`${noun}.mark`, { [noun]: record.id, language: from })]),
    ...(await Promise.all(ops.map(([language, text]) => submit(`${noun}.translate`, { [noun]: record.id, language, text })))),
  ];
  const refused = answers.find((one) => "code" in one);
  toast(refused && "code" in refused ? sentence(refused.code, refused.data) : t("Translation kept."));
}
