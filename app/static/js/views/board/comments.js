/** What is said about a card, a group or a factor: experts by name and always in sight, participants unnamed and in batches. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { ownComments } from "../../core/mine.js";
import { comments } from "../../core/records.js";
import { may, submit, you } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { bothTexts } from "../texts/both-texts.js";
import { later, sentence } from "./later.js";
import { state } from "./own-card.js";
import { talks, toggled } from "./state.js";

/** @import {Comment, CommentTarget} from "../../core/records.js" */

/** @param {CommentTarget} target */
const about = (target) => comments.value.filter((comment) => comment.target.id === target.id && comment.target.table === target.table);

/** @param {CommentTarget} target */
const nameOf = (target) => `${target.table}/${target.id}`;

/** @param {CommentTarget} target @param {string} [words] beside the icon, where there is room */
export function talkButton(target, words = "") {
  const n = about(target).length;
  if (!n && !may("comment.post")) return nothing;
  const open = talks.value.has(nameOf(target));
  return html`
    <button type="button" class="button button-small button-quiet" data-act="talk" aria-expanded=${open ? "true" : "false"} aria-label=${words ? nothing : n ? tn("%(n)s comment", "%(n)s comments", n) : t("Comment")}
      @click=${() => (talks.value = toggled(talks.value, nameOf(target)))}>${icon("message")} ${words} ${n || nothing}</button>`;
}

/** @param {CommentTarget} target */
export function talk(target) {
  const open = talks.value.has(nameOf(target));
  const list = about(target).filter((comment) => open || comment.by === "expert");
  if (!list.length && !open) return nothing;
  return html`
    <div class="comments">${list.map(view)} ${open ? ownComments(target).map((own) => html`<div class="comment"><p class="comment-who">${t("You")} ${state(own)}</p><p class="comment-text" dir="auto">${own.text}</p></div>`) : nothing}
      ${open && may("comment.post") ? later.value?.commentBox(target) : nothing}</div>`;
}

/** @type {Record<string, () => string>} */
const ROLES = { expert: () => t("Expert"), facilitator: () => t("Facilitator"), rapporteur: () => t("Rapporteur"), participant: () => t("A participant") };

/** @param {Comment} comment */
function view(comment) {
  const role = ROLES[comment.by]?.() ?? "";
  const expert = comment.by === "expert";
  return html`
    <div class="comment ${expert ? "comment-expert" : ""}" data-id=${comment.id}>
      <p class="comment-who">${expert ? html`<span class="tag tag-expert">${icon("expert")} ${role}</span>` : html`<span class="tag">${role}</span>`} ${comment.name ? text(comment.name) : nothing} ${later.value?.kindTag(comment)} ${comment.audience === "desk" ? html`<span class="tag tag-closed">${icon("eye-off")} ${t("Waits until the facilitator shows it")}</span>` : nothing}</p>
      ${bothTexts(comment, "comment-text")}
      ${later.value?.translateButton("comments", comment)}
      ${isOwn(comment) && may("comment.remove") ? html`<button type="button" class="button button-small button-quiet" data-act="remove" @click=${() => takeBack(comment)}>${icon("undo")} ${t("Take back")}</button>` : nothing}
    </div>`;
}

/** @param {Comment} comment */
const isOwn = (comment) => comment.name !== null && comment.by === you.value.role && JSON.stringify(comment.name) === JSON.stringify(you.value.name);

/** @param {Comment} comment */
async function takeBack(comment) {
  const answer = await submit("comment.remove", { comment: comment.id });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(t("Comment taken back."), { undo: () => submit("comment.post", { target: comment.target, text: comment.text, kind: comment.kind ?? null, round: comment.round }) });
}
