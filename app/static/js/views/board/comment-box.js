/** Where a comment is written: by name for those who have one here, unnamed and in batches for participants. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { COMMENT_CHARS } from "../../contract.js";
import { clearTyped, commentPlace, type, typedAt } from "../../core/drafts.js";
import { sentence } from "../../core/errors.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { commentsLeft, post } from "../../core/mine.js";
import { board } from "../../core/records.js";
import { page, submit, you } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { KINDS, kindWord } from "../texts/comment-kind.js";
import { lengthOf } from "./length.js";
import { liveRound, typed } from "./state.js";
import { warningAbout } from "./wording.js";

/** @import {CommentKind, CommentTarget} from "../../core/records.js" */

/** @param {CommentTarget} target */
export function commentBox(target) {
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
      ${you.value.role === "expert" ? kindChoice(place) : nothing}
      <p class="hint">${unnamed ? html`${icon("lock")} ${t("It waits with the texts of at least five people, and chance decides when each is shown. Fewer than five: never shown.")}` : waits() ? t("The facilitator reads it first and shows it when it fits, with your name.") : t("Everybody sees it at once, with your name.")}</p>
      <textarea id=${id} class="input" rows="2" dir="auto" autocomplete="off" .value=${live(words)} @input=${(/** @type {InputEvent} */ event) => write(place, event)}></textarea>
      ${warning ? html`<p class="field-error" role="status">${warning}</p>` : nothing}
      <div class="line spread"><span class="composer-count" ?data-over=${length > COMMENT_CHARS}>${length} / ${COMMENT_CHARS}</span>
        <button type="submit" class="button button-small button-primary" ?disabled=${!length || length > COMMENT_CHARS}>${icon("send")} ${t("Comment")}</button></div>
    </form>`;
}

/** What the comments being written are said to be, by place. */
const kinds = signal(/** @type {ReadonlyMap<string, CommentKind>} */ (new Map()));

const waits = () => you.value.role === "expert" && board.value?.experts_wait === true;

/** @param {string} place */
const kindChoice = (place) => html`
  <fieldset class="kinds"><legend class="visually-hidden">${t("This is")}</legend>
    ${KINDS.map((kind) => html`<label class="choice kind"><input type="radio" name="kind-${place}" .checked=${kinds.value.get(place) === kind} @change=${() => (kinds.value = new Map([...kinds.value, [place, kind]]))} /> <span>${kindWord(kind)}</span></label>`)}
  </fieldset>`;

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
  const kind = kinds.value.get(place) ?? null;
  // First, so that its words are kept before the draft goes: a page that dies in between loses nothing.
  const answering = unnamed && round ? post(round, "", words, target) : submit("comment.post", { target, text: words, kind, language: page.lang, round: round?.id ?? null });
  clearTyped(place);
  typed.value += 1;
  const answer = await answering;
  if (!("code" in answer)) return unnamed || toast(waits() ? t("Your comment is with the facilitator.") : t("Your comment is on every screen."));
  toast(sentence(answer.code, answer.data));
  giveBack(place, words);
}

/** What was refused is in the box again, before what was typed meanwhile. @param {string} place @param {string} words */
function giveBack(place, words) {
  type(place, [words, typedAt(place)].filter(Boolean).join("\n"));
  typed.value += 1;
}
