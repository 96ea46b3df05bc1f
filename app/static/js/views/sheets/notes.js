/** The rapporteur's notes: what was said of a group or a sheet, what was decided on a reserve, and whether it may leave the room. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { NOTE_CHARS } from "../../contract-later.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { kept } from "../../core/keep.js";
import { submit, you } from "../../core/session.js";
import { notes } from "../../core/sheet-records.js";
import { toast } from "../../core/toast.js";
import { may } from "./may.js";

/** @import {Note} from "../../core/sheet-records.js" */
/** @typedef {{table: "clusters" | "sheets" | "factors", id: string}} About */
/** @typedef {"said" | "amendment"} Kind */

const store = kept("notes", /** @type {Record<string, string>} */ ({}));
/** The note that is being altered, and what stood there. */
const editing = signal(/** @type {{id: string, seen: string, text: string} | null} */ (null));

export const loadNotes = () => store.load();

/** @param {string} id of a group, a sheet or a factor */
export const notesOf = (id) => notes.value.filter((note) => note.target.id === id);

/** @param {About} target @param {Kind} kind */
const placeOf = (target, kind) => `${kind}/${target.id}`;

/** @param {Note} note */
const isOwn = (note) => you.value.role === "facilitator" || (note.by === you.value.role && JSON.stringify(note.name) === JSON.stringify(you.value.name));

/** @param {Note} note */
export function noteView(note) {
  const open = editing.value?.id === note.id ? editing.value : null;
  return html`
    <div class="comment note" data-id=${note.id}>
      <p class="comment-who"><span class="tag">${note.kind === "amendment" ? t("Amendment") : t("Said in the room")}</span> ${text(note.name)} ${audienceWords(note)}</p>
      ${open ? editor(note, open.text) : html`<p class="comment-text" dir="auto">${note.text}</p>`}
      ${may("note.write") && !open
        ? html`<p class="line">${releaseButton({ table: "notes", id: note.id }, note.released)}
            ${isOwn(note) ? html`<button type="button" class="button button-small button-quiet" @click=${() => (editing.value = { id: note.id, seen: note.text, text: note.text })}>${icon("edit")} ${t("Alter")}</button>
              <button type="button" class="button button-small button-quiet" @click=${() => takeBack(note)}>${icon("trash")} ${t("Remove")}</button>` : nothing}</p>`
        : nothing}
    </div>`;
}

/** Who reads it. @param {Note} note */
function audienceWords(note) {
  if (note.released) return html`<span class="tag tag-released">${icon("eye")} ${t("Released")}</span>`;
  return note.kind === "amendment" ? nothing : html`<span class="tag tag-closed">${icon("eye-off")} ${t("Only rapporteurs and facilitators read it")}</span>`;
}

/** @param {Note} note @param {string} words */
const editor = (note, words) => html`
  <form class="stack stack-tight" @submit=${(/** @type {Event} */ event) => void alter(event, note)}>
    <label class="visually-hidden" for="alter-${note.id}">${t("The note")}</label>
    <textarea class="input" id="alter-${note.id}" rows="3" dir="auto" maxlength=${NOTE_CHARS} .value=${live(words)} @input=${(/** @type {Event} */ event) => editing.value && (editing.value = { ...editing.value, text: /** @type {HTMLTextAreaElement} */ (event.target).value })}></textarea>
    <p class="line"><button type="submit" class="button button-small button-primary">${t("Keep")}</button> <button type="button" class="button button-small" @click=${() => (editing.value = null)}>${t("Cancel")}</button></p>
  </form>`;

/** @param {Event} event @param {Note} note */
async function alter(event, note) {
  event.preventDefault();
  const open = editing.value;
  if (!open) return;
  const answer = await submit("note.edit", { note: note.id, text: open.text, seen: open.seen });
  if (!("code" in answer)) return void (editing.value = null);
  toast(sentence(answer.code, answer.data));
  // The other's words stand in the note above now; saving again means to have seen them.
  if (answer.code === "changed_meanwhile") editing.value = { ...open, seen: String(answer.data["now"] ?? "") };
}

/** @param {Note} note */
async function takeBack(note) {
  const answer = await submit("note.remove", { note: note.id });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(t("The note is removed."), { undo: () => submit("note.write", { target: note.target, kind: note.kind, text: note.text }) });
}

/** @param {{table: "clusters" | "sheets" | "notes", id: string}} target @param {boolean | undefined} released */
export const releaseButton = (target, released) =>
  may("text.release")
    ? html`<button type="button" class="button button-small" data-act="release" aria-pressed=${released ? "true" : "false"} @click=${() => void release(target, !released)}>${icon(released ? "eye-off" : "eye")} ${released ? t("Keep it back") : t("Release")}</button>`
    : nothing;

/** @param {{table: "clusters" | "sheets" | "notes", id: string}} target @param {boolean} released */
export async function release(target, released) {
  const answer = await submit("text.release", { target, released });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(released ? t("Released: it may stand on the observer’s page and in the report. Until something is printed or exported it can be kept back again.") : t("Kept back again. What was printed or exported before stays so."), { undo: () => release(target, !released) });
}

/** A letter that came before its box was drawn. @param {About} target @param {Kind} kind @param {string} letter */
export const typeAhead = (target, kind, letter) => void store.change((all) => ({ ...all, [placeOf(target, kind)]: (all[placeOf(target, kind)] ?? "") + letter }));

/** Where a note is written; what is typed is kept on this device until it is sent. @param {About} target @param {Kind} kind */
export function noteBox(target, kind) {
  if (!may("note.write")) return nothing;
  const place = placeOf(target, kind);
  const words = store.value.value[place] ?? "";
  const id = `note-${kind}`;
  const write = (/** @type {Event} */ event) => void store.change((all) => ({ ...all, [place]: /** @type {HTMLTextAreaElement} */ (event.target).value }));
  return html`
    <form class="field" @submit=${(/** @type {Event} */ event) => void send(event, target, kind)} @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void send(event, target, kind)}>
      <label class="label" for=${id}>${kind === "amendment" ? t("Amendment: what was decided on the reserve") : t("What was said of it")}</label>
      <textarea class="input" id=${id} rows="3" dir="auto" maxlength=${NOTE_CHARS} aria-describedby="${id}-hint" .value=${live(words)} @input=${write}></textarea>
      <div class="line spread"><span class="hint" id="${id}-hint">${kind === "amendment" ? t("Everybody reads it beside the sheet.") : t("Under your name, for rapporteurs and facilitators, until you release it.")} <kbd>Ctrl</kbd> <kbd>${t("Enter")}</kbd></span>
        <button type="submit" class="button button-small button-primary" ?disabled=${!words.trim()}>${icon("check")} ${t("Note it")}</button></div>
    </form>`;
}

/** @param {Event} event @param {About} target @param {Kind} kind */
async function send(event, target, kind) {
  event.preventDefault();
  const place = placeOf(target, kind);
  const words = store.value.value[place] ?? "";
  if (!words.trim()) return;
  // First, so that it lies in the outbox before the draft goes.
  const answering = submit("note.write", { target, kind, text: words });
  await store.change(({ [place]: _, ...others }) => others);
  const answer = await answering;
  if (!("code" in answer)) return toast(t("Noted."));
  await store.change((all) => ({ ...all, [place]: [words, all[place]].filter(Boolean).join("\n") }));
  toast(sentence(answer.code, answer.data));
}
