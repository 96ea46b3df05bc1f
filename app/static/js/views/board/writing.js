/** A writing round: own actions with where they are, what came too late, what already stands on the board; the composer below. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { ownCards } from "../../core/mine.js";
import { factors } from "../../core/records.js";
import { empty, factorHead } from "./factor-head.js";
import { isDesk, takesCards } from "./follow.js";
import { groups, loose } from "./groups.js";
import { later } from "./later.js";
import { ownCard } from "./own-card.js";
import { lists } from "./reading.js";
import { ownFactors } from "./state.js";
import { pick } from "./strip.js";

/** @import {Factor, Round} from "../../core/records.js" */

/** @param {Round} round @param {Factor} factor */
export const mayWrite = (round, factor) => takesCards(round) && ownFactors(round).includes(factor.id);

/** @param {Round} round @param {Factor} factor */
export function writingView(round, factor) {
  const own = ownCards(round, factor.id);
  const others = groups(factor.id).length + loose(factor.id).length;
  return html`
    ${factorHead(factor)} ${later.value?.lateDrafts(round, factor)}
    ${own.length ? html`<h3 class="board-sub">${isDesk(round) ? t("Entered for this seat") : t("Your actions")} <span class="count">${own.length}</span></h3><ul class="cards">${repeat(own, ({ id }) => id, (text) => ownCard(text, round))}</ul>` : nothing}
    ${!own.length && mayWrite(round, factor) && !isDesk(round) ? empty(factor, t("Write your first action for this factor"), later.value?.boxWords(round) ?? "") : nothing}
    ${mayWrite(round, factor) ? nothing : notMine(round)}
    ${others ? html`<h3 class="board-sub">${t("On the board already")}</h3>${lists(factor, { movable: false })}` : nothing}`;
}

/** @param {Round} round */
function notMine(round) {
  const own = factors.value.filter(({ id }) => ownFactors(round).includes(id));
  if (!own.length) return nothing;
  return html`<p class="notice">${icon("info")} <span>${t("Your table writes on other factors in this round:")}</span>
    ${own.map((factor) => html`<button type="button" class="button button-small" data-factor-number=${factor.number} @click=${() => pick(factor.id)}><span class="factor-number">${factor.number}</span></button>`)}</p>`;
}
