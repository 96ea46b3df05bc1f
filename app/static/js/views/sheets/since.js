/** A sheet's version: frozen as it, or what has changed since, field by field. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, tn } from "../../core/i18n.js";
import { fieldWords, said } from "./words.js";

/** @import {Sheet} from "../../core/records.js" */

/** The fields that say something else than in the last version. @param {Sheet} sheet */
export const changed = (sheet) => Object.keys(sheet.since ?? {});

/** @param {Sheet} sheet */
export function versionWords(sheet) {
  if (sheet.state === "frozen") return html`<span class="tag tag-closed">${icon("lock")} ${t("Version %(n)s", { n: sheet.version })}</span>`;
  if (!sheet.version) return nothing;
  const count = changed(sheet).length;
  return html`<span class="tag ${count ? "tag-changed" : ""}">${count ? tn("%(n)s change since version %(version)s", "%(n)s changes since version %(version)s", count, { version: sheet.version }) : t("as in version %(n)s", { n: sheet.version })}</span>`;
}

/** @param {Sheet} sheet */
export function sinceView(sheet) {
  const fields = changed(sheet);
  if (!fields.length) return nothing;
  return differences(t("Changed since version %(n)s", { n: sheet.version }), fields.map((field) => ({ field, was: sheet.since?.[field], now: /** @type {any} */ (sheet)[field] })));
}

/** Each field as it was, struck out, and as it is. @param {string} title @param {{field: string, was: any, now: any}[]} list */
export const differences = (title, list) => html`
  <section class="differences"><h3 class="panel-title">${title}</h3>
    <dl>${list.map(({ field, was, now }) => html`<dt>${fieldWords(field)}</dt>
      <dd dir="auto"><del><span class="visually-hidden">${t("Before:")} </span>${said(field, was) || t("(nothing)")}</del> <ins><span class="visually-hidden">${t("Now:")} </span>${said(field, now) || t("(nothing)")}</ins></dd>`)}</dl></section>`;
