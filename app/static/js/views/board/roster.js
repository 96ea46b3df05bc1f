/** How many seats take part, under the round's name. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { restWords, rosterWords } from "../../core/roster.js";
import { shown } from "./follow.js";
import { watch } from "./watch.js";

const PLACE = "board-roster";

/** Brings its own region: the first screen's page has no bytes to spare for one. The desks, which share this half, have no head. */
export function startRoster() {
  const head = document.getElementById("board-head");
  if (!head) return;
  const place = document.createElement("div");
  place.id = PLACE;
  head.after(place);
  watch(PLACE, view);
}

function view() {
  const { round, phase } = shown.value;
  const words = round && phase !== "rest" ? rosterWords(round) : restWords();
  return words.length ? html`<p class="board-roster">${icon("people")} ${words.join(" · ")}</p>` : nothing;
}
