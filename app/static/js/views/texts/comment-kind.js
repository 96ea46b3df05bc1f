/** What somebody who speaks under a name says their comment is. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";

/** @import {Comment, CommentKind} from "../../core/records.js" */

const ICONS = { question: "help", practice: "check", caution: "warning", reference: "info" };

/** @type {CommentKind[]} */
export const KINDS = ["question", "practice", "caution", "reference"];

/** @param {CommentKind} kind */
export const kindWord = (kind) => ({ question: t("Question"), practice: t("Good practice"), caution: t("Caution"), reference: t("Reference") })[kind];

/** @param {Comment} comment */
export const kindTag = ({ kind }) => (kind ? html`<span class="tag tag-kind" data-kind=${kind}>${icon(ICONS[kind])} ${kindWord(kind)}</span>` : nothing);
