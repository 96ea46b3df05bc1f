/** What comes in while one looks: cards and comments are marked and counted, and said every ten seconds at most. Nothing moves the focus. */

import { effect } from "@preact/signals-core";
import { announceCount } from "../../core/announce.js";
import { tn } from "../../core/i18n.js";
import { board, cards, comments, factorOf } from "../../core/records.js";

/** Cards that came after this page was opened, for the mark that fades. @type {Set<string>} */
export const arrived = new Set();

/** @type {Set<string> | null} */
let known = null;

export function startNews() {
  effect(() => {
    if (!board.value) return;
    const published = cards.value.filter((card) => card.state === "published");
    const said = comments.value;
    const now = new Set([...published, ...said].map(({ id }) => id));
    if (known) {
      for (const card of published) if (!known.has(card.id)) tellCard(card);
      for (const comment of said) if (!known.has(comment.id)) tellComment(comment);
    }
    known = now;
  });
}

/** @param {import("../../core/records.js").Card} card */
function tellCard(card) {
  arrived.add(card.id);
  setTimeout(() => arrived.delete(card.id), 4000);
  const number = factorOf(card.factor)?.number ?? "";
  announceCount(`cards:${card.factor}`, 1, (n) => tn("%(n)s new action in factor %(number)s.", "%(n)s new actions in factor %(number)s.", n, { number }));
}

/** @param {import("../../core/records.js").Comment} comment */
function tellComment({ by }) {
  if (by === "expert") announceCount("experts", 1, (n) => tn("%(n)s new comment by an expert.", "%(n)s new comments by experts.", n));
  else announceCount("comments", 1, (n) => tn("%(n)s new comment.", "%(n)s new comments.", n));
}
