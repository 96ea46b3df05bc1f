// What a vote is about: the list as it would be frozen, what is odd about it, and ready-made choices. Pure over records.

import { groupByBucket } from "../../core/methods.js";

/** @import {Card, Cluster, Round, Tally} from "../../core/records.js" */
/** @typedef {{id: string, factor: string, table: "clusters"|"cards"|"factors"}} Target */

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
 * The first places of every list; a tie at the cut is taken whole.
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
  return [...groupByBucket(tally.rows).values()].flatMap((rows) => {
    const inside = rows.filter((row) => row.rank <= places);
    const outside = rows.filter((row) => row.rank > places);
    const cut = Math.min(...inside.map((row) => row.total));
    const tiedIn = inside.length > places ? inside.filter((row) => row.total === cut) : [];
    const near = outside.filter((row) => cut - row.total <= 1);
    return [...tiedIn, ...near, ...(near.length ? inside.filter((row) => row.total === cut) : [])].map((row) => row.target);
  });
}

/**
 * Those on which the sides differ most, as the tally tells; a tie at the cut is taken whole.
 * @param {Tally} tally
 * @param {number} many
 */
export function mostDivergent(tally, many) {
  const told = tally.rows.filter((row) => row.divergence).sort((a, b) => (b.divergence ?? 0) - (a.divergence ?? 0));
  const cut = told[many - 1]?.divergence ?? 0;
  return told.filter((row) => (row.divergence ?? 0) >= cut).map((row) => row.target);
}

/** What gives much for little. @param {Tally} tally */
export const quickWins = (tally) => tally.rows.filter((row) => row.quadrant === "quick_win").map((row) => row.target);
