// The scenes of the wall. Each shows one thing, with nothing that belongs to one person and no count before it is published.

import { html, nothing } from "lit-html";
import { formatNumber, formatTime, t, text, tn } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { board, factorOf, rounds, sheets } from "../../core/records.js";
import { criterionWords } from "../../core/criteria.js";
import { criteriaOf } from "../../core/methods.js";
import { rosterWords } from "../../core/roster.js";
import { isVoting } from "../../core/rounds.js";
import { replica } from "../../core/session.js";
import { cardsIn, targetLabel } from "../console/labels.js";
import { nextRound } from "../console/rounds.js";
import { methodInWords, rulesInWords, scopeByTable } from "../console/rules.js";
import { kindIcon, kindWord } from "../console/words.js";
import { barList } from "../results/bars.js";
import { dumbbells, isCompared } from "../results/dumbbells.js";
import { tableName } from "../results/hands.js";
import { keyRow, matrixChart } from "../results/matrix.js";
import { isAssessment, multiples } from "../results/multiples.js";
import { resultTable } from "../results/table.js";
import { emptyUrn } from "../results/words.js";
import { dispositionWords, fieldWords, planOf, said } from "../sheets/words.js";
import { digits } from "./frame.js";
import { joinLarge } from "./join.js";
import { MOST_ITEMS } from "./pages.js";
import { scene, shownPage } from "./show.js";
import { title } from "./titles.js";

/** @import {Round, Sheet, Tally, TallyRow} from "../../core/records.js" */
/** @import {Block, KeyGroup} from "./pages.js" */
/** @import {Page} from "./show.js" */

export function sceneView() {
  const { kind, round } = scene.value;
  switch (kind) {
    case "welcome": return welcome();
    case "spotlight": return spotlightScene();
    case "title": return round ? titleScene(round) : welcome();
    case "writing":
    case "voting": return round ? inputScene(round) : nothing;
    case "sealed": return round ? sealed(round) : nothing;
    case "cards": return shownPage.value ? cardsPage(shownPage.value) : nothing;
    case "ranking": return shownPage.value ? rankingPage(shownPage.value) : html`<p class="wall-waiting">${emptyUrn()}</p>`;
  }
}

function welcome() {
  const next = nextRound(rounds.value);
  return html`
    <div class="wall-welcome">
      <h1 class="wall-workshop">${title(board.value?.title)}</h1>
      ${joinLarge()}
      ${next ? html`<p class="wall-next">${icon(kindIcon(next.kind))} <span>${t("Next, %(time)s", { time: next.starts })}</span> <strong>${title(next.name)}</strong></p>` : nothing}
    </div>`;
}

/** @param {Round} round */
function titleScene(round) {
  const back = round.kind === "break" && round.state === "running" && round.ends_at_ms;
  return html`
    <div class="wall-large">
      <p class="wall-kind">${icon(kindIcon(round.kind))} ${kindWord(round.kind)}</p>
      <h1 class="wall-name">${title(round.name)}</h1>
      ${text(round.instruction) ? html`<p class="wall-instruction">${title(round.instruction)}</p>` : nothing}
      <div class="wall-clock" data-live="clock">${digits()}</div>
      ${back ? html`<p class="wall-back">${t("We go on at %(time)s", { time: formatTime(round.ends_at_ms ?? 0) })}</p>` : nothing}
    </div>`;
}

/** Writing or voting: what it is, how long, and on which factors. @param {Round} round */
function inputScene(round) {
  const voting = isVoting(round);
  const [first, second] = voting ? [methodInWords(round), ""] : rulesInWords(round);
  return html`
    <div class="wall-input">
      <div class="wall-input-main">
        <p class="wall-kind">${icon(kindIcon(round.kind))} ${kindWord(round.kind)}</p>
        <h1 class="wall-name">${title(round.name)}</h1>
        <div class="wall-clock">${digits()}</div>
        <p class="wall-rule">${first}</p>
        <p class="wall-roster">${icon("people")} <span>${rosterWords(round).join(" · ")}</span></p>
        <p class="wall-sealed">${icon("lock")} <span>${voting ? t("Secret: nobody sees a count before the publication") : round.release === "batched" ? second : t("Sealed: nobody sees the actions before the opening")}</span></p>
      </div>
      ${inPlay(round)}
    </div>`;
}

/** @param {Round} round */
function inPlay(round) {
  const tables = scopeByTable(round, (factor) => factorOf(factor)?.number ?? 0);
  if (tables.length) {
    return html`<ul class="wall-play">${tables.map(
      ({ table, numbers }) => html`<li><strong class="wall-table">${table}</strong>
        <span class="wall-numbers">${numbers.map((number) => html`<span class="factor-number" data-factor-number=${number}>${number}</span>`)}</span>
        ${numbers.length === 1 ? html`<span>${titleOf(numbers[0] ?? 0)}</span>` : nothing}</li>`,
    )}</ul>`;
  }
  const own = scene.value.factors.map(factorOf).filter((factor) => factor !== undefined);
  if (!own.length) return nothing;
  return html`<ul class="wall-play">${own.map((factor) => html`<li data-factor-number=${factor.number}><span class="factor-number">${factor.number}</span> <span>${title(factor.title)}</span></li>`)}</ul>`;
}

/** @param {number} number */
function titleOf(number) {
  const found = scene.value.factors.map(factorOf).find((factor) => factor?.number === number);
  return found ? title(found.title) : nothing;
}

/** @param {Round} round */
const sealed = (round) => html`
  <div class="wall-large">
    <p class="wall-kind">${icon(kindIcon(round.kind))} ${title(round.name)}</p>
    <h1 class="wall-name">${isVoting(round) ? t("The vote is closed") : t("The writing is closed")}</h1>
    <p class="wall-sealed">${icon("lock")} ${isVoting(round) ? t("The result is shown in a moment.") : t("The actions are shown in a moment.")}</p>
  </div>`;

/** What the facilitator puts before everybody: the words of one action, group or factor, and nothing else. */
function spotlightScene() {
  const target = board.value?.spotlight;
  if (!target) return nothing;
  const factor = factorOf(target.table === "factors" ? target.id : factorIdOf(target));
  const inside = target.table === "clusters" ? cardsIn(target.id).slice(0, MOST_ITEMS) : [];
  const sheet = target.table === "sheets" ? sheets.value.find(({ id }) => id === target.id) : undefined;
  if (sheet) return sheetScene(sheet);
  return html`
    <div class="wall-large wall-spotlight" data-factor-number=${factor?.number ?? nothing}>
      ${factor && target.table !== "factors" ? html`<p class="wall-kind"><span class="factor-number">${factor.number}</span> ${title(factor.title)}</p>` : nothing}
      <h1 class="wall-name" dir="auto">${target.table === "factors" && factor ? html`${factor.number}. ${title(factor.title)}` : targetLabel(target.id)}</h1>
      ${inside.length ? html`<ul class="wall-inside">${inside.map((card) => html`<li dir="auto">${card.text}</li>`)}</ul>` : nothing}
      ${target.table === "factors" && factor ? html`<p class="wall-instruction">${title(factor.help)}</p>` : nothing}
      <div class="wall-clock" data-live="clock">${digits()}</div>
    </div>`;
}

/** A sheet as it is read out: what becomes of it, and its plan. @param {Sheet} sheet */
function sheetScene(sheet) {
  const factor = factorOf(sheet.factor);
  return html`
    <div class="wall-large wall-spotlight wall-sheet" data-factor-number=${factor?.number ?? nothing}>
      <p class="wall-kind">${factor ? html`<span class="factor-number">${factor.number}</span> ${title(factor.title)}` : nothing} · <strong>${dispositionWords(sheet.disposition)}</strong>${sheet.version && sheet.state === "frozen" ? ` · ${t("Version %(n)s", { n: sheet.version })}` : nothing}</p>
      <h1 class="wall-name" dir="auto">${sheet.number}. ${sheet.title}</h1>
      <dl class="wall-plan">${planOf(sheet).map((field) => html`<div><dt>${fieldWords(field)}</dt><dd dir="auto">${said(field, /** @type {any} */ (sheet)[field])}</dd></div>`)}</dl>
    </div>`;
}

/** @param {import("../../core/records.js").CommentTarget} target */
const factorIdOf = ({ table, id }) => /** @type {{factor?: string} | undefined} */ (replica.get(table, id))?.factor ?? "";

/** @param {Page} page */
const cardsPage = (page) => html`
  <div class="wall-columns" data-factor-number=${factorOf(page.factor)?.number ?? nothing} data-columns=${page.columns?.length ?? 0}>
    ${page.columns?.map((column) => html`<div class="wall-column">${column.map(block)}</div>`)}
  </div>`;

/** @param {Block} part */
const block = (part) => html`
  <section class=${part.title ? "wall-block wall-titled" : "wall-block"}>
    ${part.title ? html`<h2 class="wall-group" dir="auto">${part.title}${part.more ? html` <span class="wall-more">${t("(continued)")}</span>` : nothing}</h2>` : nothing}
    ${part.cards.map((card) => html`<p class="wall-card" dir="auto">${card.text}</p>`)}
  </section>`;

/** @param {Page} page */
function rankingPage(page) {
  const { tally } = scene.value;
  const rows = page.rows ?? [];
  if (!tally) return nothing;
  if (page.hands) return handsPage(page.hands);
  return html`
    <div class="wall-ranking" data-factor-number=${factorOf(page.factor)?.number ?? nothing}>
      ${page.groups ? mapPage(tally, rows, page.groups) : isCompared(tally) ? dumbbells(rows) : isAssessment(tally) ? multiples(tally, rows) : barList(tally, rows, page.most ?? 1)}
      <div class="visually-hidden">${resultTable(tally, rows)}</div>
    </div>`;
}

/** A show of hands says on the wall itself that it is none of the ballots. @param {NonNullable<Page["hands"]>} hands */
const handsPage = ({ counted, list }) => html`
  <div class="wall-hands">
    <h2 class="wall-group">${icon("hand")} ${t("Show of hands: not secret, and in no figure of the vote")}</h2>
    <p class="wall-kind">${tableName(counted)} · ${tn("%(n)s person", "%(n)s people", counted.present)}</p>
    <ul>${list.map(({ label, hands }) => html`<li><span dir="auto">${label}</span> <strong>${formatNumber(hands)}</strong></li>`)}</ul>
  </div>`;

/** The map, and beside it what this page has room for. @param {Tally} tally @param {TallyRow[]} rows @param {KeyGroup[]} groups */
const mapPage = (tally, rows, groups) => html`
  <div class="matrix-pair">${matrixChart(tally, rows, true)}
    <div>${groups.map(({ title: name, list }) => html`<section class="matrix-group">
      ${name ? html`<h2 class="matrix-title"><span>${name}</span> <span class="matrix-heads">${criteriaOf(tally).map(criterionWords).join(" · ")}</span></h2>` : nothing}<ul class="matrix-list">${list.map(({ row, number }) => keyRow(tally, row, number))}</ul></section>`)}</div>
  </div>`;
