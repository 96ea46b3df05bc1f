/** The way to the replay; a page of its own, so that the board's first page carries nothing for it. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { cards } from "../../core/records.js";

/** Before the first action there is nothing to see again. */
export const replayLink = () => !cards.value.length ? nothing : html`<p><a class="button button-small" href=${`replay${location.search}`}>${icon("clock")} ${t("Replay: how the board came to be")}</a></p>`;
