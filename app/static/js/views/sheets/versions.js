/** The versions of the sheets: freezing all of them, and what each version changed. */

import { html, nothing } from "lit-html";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { dayAt, formatDay, formatTime, t, text } from "../../core/i18n.js";
import { sheets } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { versions } from "../../core/sheet-records.js";
import { toast } from "../../core/toast.js";
import { differences } from "./since.js";
import { may } from "./may.js";

/** @import {Sheet} from "../../core/records.js" */
/** @import {Version} from "../../core/sheet-records.js" */

/** Every kept sheet is frozen in one step; each can be opened again. */
export function freezing() {
  if (!may("sheet.freeze")) return nothing;
  const kept = sheets.value.filter((sheet) => sheet.state !== "dropped");
  if (!kept.length) return nothing;
  const open = kept.filter((sheet) => sheet.state === "draft").length;
  return html`
    <div class="line spread panel desk-freeze"><p>${open ? t("%(open)s of %(all)s sheets can still be written on.", { open, all: kept.length }) : t("All sheets are frozen.")} <span class="muted">${t("Freezing gives them a number; what changes later is shown beside what was.")}</span></p>
      <button type="button" class="button button-primary" @click=${() => void freeze()}>${icon("lock")} ${t("Freeze all as version %(n)s", { n: nextVersion() })}</button></div>`;
}

const nextVersion = () => 1 + Math.max(0, ...sheets.value.map(({ version }) => version));

async function freeze() {
  const number = nextVersion();
  const answer = await submit("sheet.freeze", { number });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(t("Version %(n)s is frozen. To change a sheet, open it again: the change will be shown.", { n: number }));
}

export function versionsView() {
  if (!versions.value.length) return nothing;
  return html`
    <section class="desk-versions" aria-labelledby="versions-title"><h2 class="panel-title" id="versions-title">${t("Versions")}</h2>
      <ol class="stack">${[...versions.value].reverse().map(versionView)}</ol></section>`;
}

/** @param {Version} version */
function versionView(version) {
  const told = Object.entries(version.before).flatMap(([id, before]) => {
    const sheet = sheets.value.find((one) => one.id === id);
    return sheet ? [{ sheet, list: Object.keys(before).map((field) => ({ field, was: before[field], now: inVersion(sheet, version, field) })) }] : [];
  });
  const [first] = version.sheets;
  const alone = version.sheets.length === 1 && first ? sheets.value.find(({ id }) => id === first)?.title : undefined;
  return html`<li><p><strong>${t("Version %(n)s", { n: version.number })}</strong> · ${alone ?? t("all sheets")} <span class="muted">${text(version.name)} · ${formatDay(dayAt(version.at_ms))}, ${formatTime(version.at_ms)}</span></p>
    ${told.map(({ sheet, list }) => differences(`${sheet.number}. ${sheet.title}`, list))}</li>`;
}

/** What a field said in a version: what the next version of the sheet found there, else what stands since the last one, else now. @param {Sheet} sheet @param {Version} version @param {string} field */
function inVersion(sheet, version, field) {
  const later = versions.value.filter((other) => other.at_ms > version.at_ms && field in (other.before[sheet.id] ?? {}));
  if (later[0]) return later[0].before[sheet.id]?.[field];
  return field in (sheet.since ?? {}) ? sheet.since?.[field] : /** @type {any} */ (sheet)[field];
}
