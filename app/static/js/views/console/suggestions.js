// What experts suggest to merge: accept or decline, one at a time.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../../core/icon.js";
import { t, text } from "../../core/i18n.js";
import { clusters, suggestions } from "../../core/records.js";
import { send } from "./commands.js";
import { unmerge } from "./grouping.js";
import { clusterLabel } from "./labels.js";

/** @import {Suggestion} from "../../core/records.js" */

export const openSuggestions = () => suggestions.value.filter(({ state }) => state === "open");

export function suggestionsView() {
  const list = openSuggestions();
  if (!list.length) return nothing;
  return html`
    <section class="suggestions" aria-labelledby="suggestions-title">
      <h2 class="console-title" id="suggestions-title">${icon("expert")} ${t("Suggested by experts")} <span class="count">${list.length}</span></h2>
      <ul class="merges">${repeat(list, ({ id }) => id, row)}</ul>
    </section>`;
}

/** @param {Suggestion} suggestion */
function row(suggestion) {
  const [from, into] = [clusterLabel(suggestion.from), clusterLabel(suggestion.into)];
  return html`
    <li class="merge">
      <p>${t("Merge")} <strong dir="auto">${from}</strong> ${icon("arrow")} <strong dir="auto">${into}</strong></p>
      <p class="muted">${suggestion.name ? text(suggestion.name) : nothing}</p>
      <p class="line">
        <button type="button" class="button button-small" @click=${() => accept(suggestion)}>${icon("check")} ${t("Merge them")}</button>
        <button type="button" class="button button-small button-quiet" @click=${() => send("suggestion.decline", { suggestion: suggestion.id }, { done: t("Declined. The experts see it; this cannot be undone, but they may suggest it again.") })}>${t("Decline")}</button>
      </p>
    </li>`;
}

/** @param {Suggestion} suggestion */
function accept(suggestion) {
  const undo = () => {
    const source = clusters.value.find(({ id }) => id === suggestion.from);
    return source ? unmerge(source) : undefined;
  };
  return send("suggestion.accept", { suggestion: suggestion.id }, { done: t("Merged."), undo });
}
