/** What is said about a card, a group or a factor: experts by name and always in sight, participants unnamed and in batches. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { COMMENT_CHARS } from "../../contract.js";
import { clearTyped, commentPlace, type, typedAt } from "../../core/drafts.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { commentsLeft, ownComments, post } from "../../core/mine.js";
import { comments } from "../../core/records.js";
import { may, submit, you } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { state } from "./own-card.js";
import { liveRound, talks, toggled, typed } from "./state.js";
import { lengthOf, warningAbout } from "./wording.js";

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
      ${open && may("comment.post") ? box(target) : nothing}</div>`;
}

/** @type {Record<string, () => string>} */
const ROLES = { expert: () => t("Expert"), facilitator: () => t("Facilitator"), rapporteur: () => t("Rapporteur"), participant: () => t("A participant") };

/** @param {Comment} comment */
function view(comment) {
  const role = ROLES[comment.by]?.() ?? "";
  const expert = comment.by === "expert";
  return html`
    <div class="comment ${expert ? "comment-expert" : ""}" data-id=${comment.id}>
      <p class="comment-who">${expert ? html`<span class="tag tag-expert">${icon("expert")} ${role}</span>` : html`<span class="tag">${role}</span>`} ${comment.name ? text(comment.name) : nothing}</p>
      <p class="comment-text" dir="auto">${comment.text}</p>
      ${isOwn(comment) && may("comment.remove") ? html`<button type="button" class="button button-small button-quiet" data-act="remove" @click=${() => takeBack(comment)}>${icon("undo")} ${t("Take back")}</button>` : nothing}
    </div>`;
}

/** @param {Comment} comment */
const isOwn = (comment) => comment.name !== null && comment.by === you.value.role && JSON.stringify(comment.name) === JSON.stringify(you.value.name);

/** @param {CommentTarget} target */
function box(target) {
  void typed.value;
  const place = commentPlace(target);
  const words = typedAt(place);
  const length = lengthOf(words);
  const unnamed = you.value.role === "participant";
  const warning = unnamed ? warningAbout(words) : "";
  const id = `comment-${target.id}`;
  if (unnamed && liveRound.value && !commentsLeft(liveRound.value)) return html`<p class="hint">${t("You have used your comments of this round.")}</p>`;
  return html`
    <form class="field" @submit=${(/** @type {Event} */ event) => send(event, target)}>
      <label for=${id}>${unnamed ? t("Your comment, without your name") : t("Your comment, as %(name)s", { name: text(you.value.name) })}</label>
      <p class="hint">${unnamed ? html`${icon("lock")} ${t("Shown together with others' once five people have written. Fewer than five: never shown.")}` : t("Everybody sees it at once, with your name.")}</p>
      <textarea id=${id} class="input" rows="2" dir="auto" .value=${live(words)} @input=${(/** @type {InputEvent} */ event) => write(place, event)}></textarea>
      ${warning ? html`<p class="field-error" role="status">${warning}</p>` : nothing}
      <div class="line spread"><span class="composer-count" ?data-over=${length > COMMENT_CHARS}>${length} / ${COMMENT_CHARS}</span>
        <button type="submit" class="button button-small button-primary" ?disabled=${!length || length > COMMENT_CHARS}>${icon("send")} ${t("Comment")}</button></div>
    </form>`;
}

/** @param {string} place @param {Event} event */
function write(place, event) {
  type(place, /** @type {HTMLTextAreaElement} */ (event.target).value);
  typed.value += 1;
}

/** @param {Event} event @param {CommentTarget} target */
async function send(event, target) {
  event.preventDefault();
  const place = commentPlace(target);
  const words = typedAt(place).trim();
  const round = liveRound.value;
  const unnamed = you.value.role === "participant";
  if (!words || (unnamed && !round)) return;
  clearTyped(place);
  typed.value += 1;
  const answer = unnamed && round ? await post(round, "", words, target) : await submit("comment.post", { target, text: words, round: round?.id ?? null });
  if (!("code" in answer)) return unnamed || toast(t("Your comment is on every screen."));
  toast(sentence(answer.code, answer.data));
  giveBack(place, words);
}

/** What was refused is in the box again, before what was typed meanwhile. @param {string} place @param {string} words */
export function giveBack(place, words) {
  type(place, [words, typedAt(place)].filter(Boolean).join("\n"));
  typed.value += 1;
}

/** @param {Comment} comment */
async function takeBack(comment) {
  const answer = await submit("comment.remove", { comment: comment.id });
  if ("code" in answer) return toast(sentence(answer.code, answer.data));
  toast(t("Comment taken back."), { undo: () => submit("comment.post", { target: comment.target, text: comment.text, round: comment.round }) });
}
