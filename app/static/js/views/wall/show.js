// Which page of the scene is on the wall: it advances by itself, waits when told to, and follows the arrow keys.

import { computed, effect, signal } from "@preact/signals-core";
import { t } from "../../core/i18n.js";
import { board, cards, clusters, factorOf, factors, rounds, tallies } from "../../core/records.js";
import { handcountsOf } from "../../core/handcounts.js";
import { isOneList } from "../../core/lists.js";
import { groupByBucket } from "../../core/methods.js";
import { fullBar, hasNotes } from "../results/bars.js";
import { raised } from "../results/hands.js";
import { byQuadrant, isMatrix } from "../results/matrix.js";
import { isAssessment } from "../results/multiples.js";
import { rowLabel } from "../results/words.js";
import { blocksOf, keyPages, paginate, rankingPages } from "./pages.js";
import { room } from "./room.js";
import { sceneOf } from "./scene.js";

/** @import {Handcount} from "../../core/handcounts.js" */
/** @import {Tally, TallyRow} from "../../core/records.js" */
/** @import {Block, KeyGroup} from "./pages.js" */
/** @typedef {{key: string, factor: string, part: number, parts: number, columns?: Block[][], rows?: TallyRow[], most?: number, groups?: KeyGroup[], hands?: {counted: Handcount, list: {label: string, hands: number}[]}}} Page */

const DWELL_MS = 15_000;

/** Held back: a card in review or held never comes near the projector, even on the facilitator's own connection. */
const published = computed(() => cards.value.filter((card) => card.state === "published"));

export const scene = computed(() => sceneOf(rounds.value, published.value, tallies.value, Boolean(board.value?.spotlight)));
export const isPlaying = signal(true);
const shownKey = signal("");

export const pages = computed(() => {
  const { kind, tally } = scene.value;
  if (kind === "cards") return factors.value.filter((factor) => scene.value.factors.includes(factor.id)).flatMap((factor) => cardPages(factor.id));
  if (kind === "ranking" && tally) return [...tallyPages(tally), ...handPages(tally)];
  return [];
});

/** @param {string} factor @returns {Page[]} */
function cardPages(factor) {
  const own = published.value.filter((card) => card.factor === factor);
  const parts = paginate(blocksOf(own, clusters.value, { unnamed: t("No name yet"), lone: t("In no group") }), room.value);
  return parts.map((columns, part) => ({ key: `${factor}/${part}`, factor, part, parts: parts.length, columns }));
}

/** Ten scores fit on one page; a map stands beside each part of its list. */
const MOST_MULTIPLES = 10;
const MOST_HANDS = 8;

/** @param {Tally} tally @returns {Page[]} */
function tallyPages(tally) {
  if (!tally.ballots) return [];
  if (isAssessment(tally)) return inParts("", chunks(tally.rows, MOST_MULTIPLES).map((rows) => ({ rows })));
  return lists(tally).flatMap((rows) => {
    const factor = isOneList(tally.rows) ? "" : rows[0]?.factor ?? "";
    if (isMatrix(tally)) return inParts(factor, keyPages(byQuadrant(rows), room.value, rowLabel).map((groups) => ({ rows, groups })));
    const most = fullBar(tally, rows);
    return inParts(factor, rankingPages(rows, room.value, rowLabel, hasNotes).map((part) => ({ rows: part, most })));
  });
}

/** @param {string} factor @param {Partial<Page>[]} parts @returns {Page[]} */
const inParts = (factor, parts) => parts.map((part, index) => ({ ...part, key: `${factor}#${index}#${scene.value.tally?.id ?? ""}`, factor, part: index, parts: parts.length }));

/** After the figures, and apart from them: a table's show of hands. @param {Tally} tally @returns {Page[]} */
const handPages = (tally) =>
  handcountsOf(tally).flatMap((counted) => {
    const parts = chunks(raised(tally, counted), MOST_HANDS);
    return (parts.length ? parts : [[]]).map((list, part) => ({ key: `#${counted.id}#${part}`, factor: "", part, parts: parts.length, hands: { counted, list } }));
  });

/**
 * @template T
 * @param {T[]} rows
 * @param {number} most
 */
const chunks = (rows, most) => Array.from({ length: Math.ceil(rows.length / most) }, (_, n) => rows.slice(n * most, (n + 1) * most));

/** @param {Tally} tally */
const lists = (tally) =>
  [...groupByBucket(tally.rows)].sort(([a], [b]) => (factorOf(a)?.number ?? 0) - (factorOf(b)?.number ?? 0)).map(([, group]) => group);

export const index = computed(() => {
  const exact = pages.value.findIndex((page) => page.key === shownKey.value);
  if (exact >= 0) return exact;
  // Cards moved or the place changed, and the factor has fewer pages now: its last one, never another factor. What is one list
  // begins with its first page.
  const factor = shownKey.value.split(/[/#]/)[0];
  if (!factor) return 0;
  const same = pages.value.map((page) => page.factor).lastIndexOf(factor ?? "");
  return Math.max(0, same);
});
export const shownPage = computed(() => pages.value[index.value]);

/** @param {number} step pages on or back */
export function turn(step) {
  const count = pages.value.length;
  if (count) shownKey.value = pages.value[(index.value + step + count) % count]?.key ?? "";
}

/** @param {number} step factors on or back */
export function turnFactor(step) {
  const starts = pages.value.filter((page) => page.part === 0);
  const here = starts.findIndex((page) => page.factor === shownPage.value?.factor);
  if (starts.length) shownKey.value = starts[(here + step + starts.length) % starts.length]?.key ?? "";
}

/** @param {number} number a factor's number */
export function goToFactor(number) {
  const page = pages.value.find((candidate) => factorOf(candidate.factor)?.number === number);
  if (page) shownKey.value = page.key;
}

/** Lets the pages advance. A turn by hand gives the page its full time. @returns {() => void} */
export function startShow() {
  return effect(() => {
    void shownPage.value?.key;
    if (!isPlaying.value || pages.value.length < 2) return;
    const timer = setTimeout(() => turn(1), DWELL_MS);
    return () => clearTimeout(timer);
  });
}
