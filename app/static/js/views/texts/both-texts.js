/** A text and, beside it, what a person made of it in the other language. */

import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";

/** @import {Words} from "../../core/records.js" */
/** @typedef {{text: string, language?: string | null, translation?: Words}} Bilingual */

/** @param {Bilingual} record @param {string} kind the class of the original */
export const bothTexts = (record, kind) => html`<div class="both-texts"><p class=${kind} lang=${record.language ?? nothing} dir="auto">${record.text}</p>${translations(record)}</div>`;

/** @param {Bilingual} record */
export const translations = ({ translation = {} }) =>
  Object.entries(translation).map(([lang, words]) => html`<p class="card-translation" lang=${lang} dir="auto"><span class="visually-hidden">${lang === "fr" ? t("In French:") : t("In English:")}</span> ${words}</p>`);
