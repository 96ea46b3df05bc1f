// What a vote is about: the list as it would be frozen, what is odd about it, and ready-made choices. Pure over records.

/** @import {Card, Cluster, Round, Tally, TallyRow} from "../../core/records.js" */
/** @typedef {{id: string, factor: string, table: "clusters"|"cards"|"factors"}} Target */

/** Shares of points that differ by this much between the sides are worth a debate. */
const DIVERGENT_SHARE = 0.15;

/** @param {Card} card */
export const isShown = (card) => card.state === "published";

/** A question or a remark is shown, and not put to the vote. @param {Card} card */
const isVotable = (card) => isShown(card) && card.kind === "action";

/**
 * The clusters that stand on a list: not merged away, with at least one shown card.
 * @param {Cluster[]} clusters
 * @param {Card[]} cards
 * @returns {Cluster[]}
 */
export function filled(clusters, cards) {
  const used = new Set(cards.filter(isShown).map((card) => card.cluster));
  return clusters.filter((cluster) => !cluster.merged_into && used.has(cluster.id));
}

/**
 * What a round on clusters can be about: groups, then the actions that stand alone.
 * @param {Round} round
 * @param {Cluster[]} clusters
 * @param {Card[]} cards
 * @returns {Target[]}
 */
export function candidates(round, clusters, cards) {
  const inside = (/** @type {{factor: string}} */ record) => round.factors.length === 0 || round.factors.includes(record.factor);
  const votable = cards.filter(isVotable);
  const groups = filled(clusters, votable).filter(inside).map(({ id, factor }) => ({ id, factor, table: /** @type {const} */ ("clusters") }));
  const lone = votable.filter((card) => !card.cluster).filter(inside).map(({ id, factor }) => ({ id, factor, table: /** @type {const} */ ("cards") }));
  return [...groups, ...lone];
}

/**
 * The first places of every factor; a tie at the cut is taken whole.
 * @param {Tally} tally
 * @param {number} places
 */
export const best = (tally, places) => tally.rows.filter((row) => row.rank <= places && row.total > 0).map((row) => row.target);

/**
 * Cases that one point could turn around the last place that counts: both sides of a narrow or tied cut.
 * @param {Tally} tally
 * @param {number} places
 */
export function close(tally, places) {
  return [...groupByFactor(tally.rows).values()].flatMap((rows) => {
    const inside = rows.filter((row) => row.rank <= places);
    const outside = rows.filter((row) => row.rank > places);
    const cut = Math.min(...inside.map((row) => row.total));
    const tiedIn = inside.length > places ? inside.filter((row) => row.total === cut) : [];
    const near = outside.filter((row) => cut - row.total <= 1);
    return [...tiedIn, ...near, ...(near.length ? inside.filter((row) => row.total === cut) : [])].map((row) => row.target);
  });
}

/**
 * Targets whose share of points differs clearly between internal and external voices.
 * @param {Tally} tally
 */
export function divergent(tally) {
  return [...groupByFactor(tally.rows).values()].flatMap((rows) => {
    const shown = rows.filter((row) => row.internal !== null && row.external !== null);
    const internal = sum(shown.map((row) => row.internal ?? 0));
    const external = sum(shown.map((row) => row.external ?? 0));
    if (!internal || !external) return [];
    return shown.filter((row) => Math.abs((row.internal ?? 0) / internal - (row.external ?? 0) / external) >= DIVERGENT_SHARE).map((row) => row.target);
  });
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** @param {TallyRow[]} rows */
export function groupByFactor(rows) {
  /** @type {Map<string, TallyRow[]>} */
  const groups = new Map();
  for (const row of rows) groups.set(row.factor, [...(groups.get(row.factor) ?? []), row]);
  for (const group of groups.values()) group.sort((a, b) => a.rank - b.rank);
  return groups;
}
