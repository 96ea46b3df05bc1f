// Which page of the scene is on the wall: it advances by itself, waits when told to, and follows the arrow keys.

import { computed, effect, signal } from "@preact/signals-core";
import { t } from "../../core/i18n.js";
import { board, cards, clusters, factorOf, factors, rounds, tallies } from "../../core/records.js";
import { targetLabel } from "../console/labels.js";
import { groupByFactor } from "../console/targets.js";
import { blocksOf, paginate, rankingPages } from "./pages.js";
import { room } from "./room.js";
import { sceneOf } from "./scene.js";

/** @import {TallyRow} from "../../core/records.js" */
/** @import {Block} from "./pages.js" */
/** @typedef {{key: string, factor: string, part: number, parts: number, columns?: Block[][], rows?: TallyRow[], most?: number}} Page */

const DWELL_MS = 15_000;

/** Held back: a card in review or held never comes near the projector, even on the facilitator's own connection. */
const published = computed(() => cards.value.filter((card) => card.state === "published"));

export const scene = computed(() => sceneOf(rounds.value, published.value, tallies.value, Boolean(board.value?.spotlight)));
export const isPlaying = signal(true);
const shownKey = signal("");

export const pages = computed(() => {
  const { kind, tally } = scene.value;
  if (kind === "cards") return factors.value.filter((factor) => scene.value.factors.includes(factor.id)).flatMap((factor) => cardPages(factor.id));
  if (kind === "ranking" && tally) return tallyPages(tally.rows);
  return [];
});

/** @param {string} factor @returns {Page[]} */
function cardPages(factor) {
  const own = published.value.filter((card) => card.factor === factor);
  const parts = paginate(blocksOf(own, clusters.value, { unnamed: t("No name yet"), lone: t("In no group") }), room.value);
  return parts.map((columns, part) => ({ key: `${factor}/${part}`, factor, part, parts: parts.length, columns }));
}

/** @param {TallyRow[]} rows @returns {Page[]} */
function tallyPages(rows) {
  const single = rows.every((row) => row.target === row.factor);
  const groups = single ? [[...rows].sort((a, b) => a.rank - b.rank)] : inNumberOrder(rows);
  return groups.flatMap((group) => {
    const parts = rankingPages(group, room.value, targetLabel);
    const most = Math.max(1, ...group.map((row) => row.total));
    const factor = single ? "" : group[0]?.factor ?? "";
    return parts.map((part, index) => ({ key: `${factor}#${index}`, factor, part: index, parts: parts.length, rows: part, most }));
  });
}

/** @param {TallyRow[]} rows */
const inNumberOrder = (rows) =>
  [...groupByFactor(rows)].sort(([a], [b]) => (factorOf(a)?.number ?? 0) - (factorOf(b)?.number ?? 0)).map(([, group]) => group);

export const index = computed(() => {
  const exact = pages.value.findIndex((page) => page.key === shownKey.value);
  if (exact >= 0) return exact;
  // Cards moved or the place changed, and the factor has fewer pages now: its last one, never another factor.
  const factor = shownKey.value.split(/[/#]/)[0];
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
