/** The open factor's heading, and what to say where nothing is yet. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { text } from "../../core/i18n.js";
import { later } from "./later.js";

/** @import {Factor} from "../../core/records.js" */

/** @param {Factor} factor */
export const factorHead = (factor) => html`
  <header class="board-factor">
    <h2 class="factor-head" tabindex="-1">${icon(`factor-${factor.number}`)} <span class="factor-number">${factor.number}</span> <span class="factor-title">${text(factor.title)}</span></h2>
    ${text(factor.help) ? html`<p class="factor-help">${text(factor.help)}</p>` : nothing}
  </header>`;

/** @param {Factor} factor @param {string} title @param {string} advice what to do next */
export const empty = (factor, title, advice) => html`
  <div class="empty">${icon(`factor-${factor.number}`)}<p class="empty-title">${title}</p><p>${advice}</p><p>${later.value?.exampleFor(factor)}</p></div>`;
