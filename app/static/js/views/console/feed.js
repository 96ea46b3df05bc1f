// Comments as they come in, newest first, experts' marked; and a line for the facilitator's own.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { comments, factorOf, factors } from "../../core/records.js";
import { replica } from "../../core/session.js";
import { kindTag } from "../texts/comment-kind.js";
import { bothTexts } from "../texts/both-texts.js";
import { translateButton } from "../texts/translate.js";
import { send } from "./commands.js";
import { targetLabel } from "./labels.js";
import { setting } from "./settings.js";
import { factorId } from "./state.js";
import { suggestionsView } from "./suggestions.js";
import { watch } from "./watch.js";

/** @import {Comment, Factor} from "../../core/records.js" */

const MOST = 60;
const expertsOnly = signal(false);
const draft = signal("");

/** @param {HTMLElement} root */
export const mount = (root) => watch(root, view);

function view() {
  const list = comments.value.filter((comment) => !expertsOnly.value || comment.by === "expert");
  // Records come in the order of the log: the last is the newest.
  const newest = [...list].reverse().slice(0, MOST);
  return html`
    <h2 class="console-title">${icon("message")} ${t("Comments")} <span class="count">${list.length}</span>
      <button type="button" class="button button-small button-quiet feed-filter" aria-pressed=${expertsOnly.value} @click=${() => (expertsOnly.value = !expertsOnly.value)}>${t("Experts only")}</button>
    </h2>
    ${suggestionsView()} ${writer()} ${setting("experts_wait")}
    ${newest.length ? html`<ul class="comments feed">${repeat(newest, (comment) => comment.id, row)}</ul>` : html`<p class="empty">${t("No comment yet. Experts’ remarks arrive here as they are sent.")}</p>`}`;
}

function writer() {
  const factor = factorOf(factorId.value ?? "") ?? factors.value[0];
  if (!factor) return nothing;
  return html`
    <form class="feed-writer" @submit=${(/** @type {SubmitEvent} */ event) => post(event, factor)}>
      <label class="visually-hidden" for="feed-text">${t("Comment on factor %(n)s, under your name", { n: factor.number })}</label>
      <textarea id="feed-text" class="input" rows="1" maxlength="1000" placeholder=${t("Comment on factor %(n)s, under your name", { n: factor.number })} .value=${draft.value} @input=${(/** @type {InputEvent} */ event) => (draft.value = /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
      <button type="submit" class="button button-small" ?disabled=${!draft.value.trim()}>${t("Send")}</button>
    </form>`;
}

/** @param {SubmitEvent} event @param {Factor} factor */
async function post(event, factor) {
  event.preventDefault();
  const words = draft.value.trim();
  if (!words) return;
  if (await send("comment.post", { target: { table: "factors", id: factor.id }, text: words }, { done: t("Comment sent under your name.") })) draft.value = "";
}

/** @param {Comment} comment */
function row(comment) {
  return html`
    <li class=${comment.by === "expert" ? "comment comment-expert feed-row" : "comment feed-row"}>
      <p class="comment-who">${badge(comment)} ${kindTag(comment)} <span class="feed-target">${about(comment)}</span></p>
      ${bothTexts(comment, "comment-text")}
      <p class="line">${comment.audience === "desk" ? html`<span class="tag tag-closed">${icon("eye-off")} ${t("Not shown yet")}</span> <button type="button" class="button button-small button-primary" @click=${() => show(comment)}>${icon("eye")} ${t("Show it to everybody")}</button>` : nothing}
        ${translateButton("comments", comment)}</p>
      <button type="button" class="button button-quiet button-icon feed-remove" aria-label=${t("Remove this comment")} title=${t("Remove this comment")} @click=${() => remove(comment)}>${icon("close")}</button>
    </li>`;
}

/** @param {Comment} comment */
function badge(comment) {
  if (comment.by === "expert") return html`<span class="tag tag-expert">${t("Expert")}</span> ${comment.name ? text(comment.name) : ""}`;
  return comment.name ? html`<span>${text(comment.name)}</span>` : html`<span class="muted">${t("Unnamed")}</span>`;
}

/** @param {Comment} comment */
function about(comment) {
  const record = /** @type {{number?: number, factor?: string} | undefined} */ (replica.get(comment.target.table, comment.target.id));
  const factor = factorOf(record?.factor ?? comment.target.id);
  const words = comment.target.table === "factors" ? (factor ? text(factor.title) : "") : targetLabel(comment.target.id);
  return html`${factor ? html`<span class="factor-number" data-factor-number=${factor.number}>${factor.number}</span>` : nothing} ${words}`;
}

/** @param {Comment} comment */
const show = (comment) =>
  send("comment.show", { comment: comment.id, shown: true }, { done: t("The comment is on every screen."), undo: () => send("comment.show", { comment: comment.id, shown: false }) });

/** @param {Comment} comment */
function remove(comment) {
  const mine = comment.by === "facilitator";
  // Words of others cannot be sent again under their name; ours can.
  const undo = mine ? () => send("comment.post", { target: comment.target, text: comment.text }) : undefined;
  return send("comment.remove", { comment: comment.id }, { done: mine ? t("Comment removed.") : t("Comment removed. This cannot be undone."), undo });
}
