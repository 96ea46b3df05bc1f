// Around the one thing: the title with the clock above it, and below the way in, which is always there.

import { html, nothing } from "lit-html";
import { t } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { board, factorOf } from "../../core/records.js";
import { isLive } from "../../core/rounds.js";
import { goodbye, link, page } from "../../core/session.js";
import { faceOf } from "../console/clock.js";
import { kindIcon, kindWord } from "../console/words.js";
import { keyOf } from "../results/result.js";
import { joinCode, joinPlace } from "./join.js";
import { index, isPlaying, pages, scene, shownPage } from "./show.js";
import { isBoth, title } from "./titles.js";

/** @import {Page} from "./show.js" */

const clock = faceOf(() => (scene.value.round && isLive(scene.value.round) ? scene.value.round : undefined));

/** The head of a scene that shows cards or a ranking. The large scenes bring their own. */
export function head() {
  const { round, kind } = scene.value;
  if (!round || (kind !== "cards" && kind !== "ranking")) return nothing;
  const factor = factorOf(shownPage.value?.factor ?? "");
  return html`
    <div class="wall-titles" data-factor-number=${factor?.number ?? nothing}>
      <p class="wall-kind">${icon(kindIcon(round.kind))} ${factor ? title(round.name) : kindWord(round.kind)}</p>
      <h1 class="wall-factor">${factor ? html`<span class="factor-number">${factor.number}</span> ${title(factor.title)}` : title(round.name)}</h1>
    </div>`;
}

/** The digits: beside the title, or alone in the middle of a large scene. */
export function digits() {
  const face = clock.value;
  if (!face) return nothing;
  const label = face.state === "over" ? t("Time is up") : face.state === "paused" ? t("Paused") : "";
  return html`
    <p class="wall-digits" data-state=${face.state} role="timer" aria-label=${t("Time left")}>${face.digits}</p>
    ${label ? html`<p class="wall-digits-word">${label}</p>` : nothing}`;
}

export function foot() {
  const practice = board.value?.practice;
  return html`
    <div class="wall-foot-state">
      ${practice ? html`<p class="wall-practice">${t("PRACTICE: nothing here is kept")}</p>` : nothing}
      ${dots(pages.value)} ${legend()}
      ${goodbye.value ? wallLink(t("This wall has ended: reload the page.")) : link.value.state === "online" ? nothing : wallLink(t("Reconnecting…"))}
    </div>
    ${scene.value.kind === "welcome" ? nothing : html`<div class="wall-join-small"><p>${joinPlace()} <strong class="code">${joinCode()}</strong></p><img src=${page.join.qr} alt=${t("QR code to join")} /></div>`}`;
}

/** @param {string} words */
const wallLink = (words) => html`<p class="wall-link">${icon("wifi-off")} ${words}</p>`;

/** Whose points a bar shows, when the tally tells the sides apart. */
function legend() {
  const { tally } = scene.value;
  if (scene.value.kind !== "ranking" || !tally) return nothing;
  return html`<p class="wall-legend" data-factor-number=${factorOf(shownPage.value?.factor ?? "")?.number ?? nothing}>${keyOf(tally, shownPage.value?.rows)} ${tally.paper?.counted ? html`<span>${t("%(n)s of these ballots came on paper.", { n: tally.paper.counted })}</span>` : nothing}</p>`;
}

/** @param {Page[]} list */
function dots(list) {
  if (list.length < 2) return nothing;
  return html`
    <p class="wall-pages">${t("%(page)s of %(pages)s", { page: index.value + 1, pages: list.length })}
      ${isPlaying.value ? nothing : html`${icon("pause")}<span class="visually-hidden">${t("The pages wait")}</span>`}
      ${isBoth.value ? html`<span>FR + EN</span>` : nothing}</p>`;
}
