/** Which cards lie where: the groups of a factor, the cards that stand alone, and what changed places across factors. */

import { t } from "../../core/i18n.js";
import { cards, clusters } from "../../core/records.js";

/** @import {Card, Cluster} from "../../core/records.js" */
/** @typedef {{cluster: Cluster, cards: Card[]}} Group */

const published = () => cards.value.filter((card) => card.state === "published");

/** Groups that have cards; an empty one is not shown. @param {string} [factor] only with this home @returns {Group[]} */
export function groups(factor) {
  /** @type {Map<string, Card[]>} */
  const inside = new Map();
  for (const card of published()) if (card.cluster) inside.set(card.cluster, [...(inside.get(card.cluster) ?? []), card]);
  return clusters.value.flatMap((cluster) => {
    const list = inside.get(cluster.id);
    return list && (!factor || cluster.factor === factor) ? [{ cluster, cards: list }] : [];
  });
}

/** @param {string} factor */
export const loose = (factor) => published().filter((card) => card.factor === factor && !card.cluster);

/** How many were taken away for good. @param {string} factor */
export const erased = (factor) => cards.value.filter((card) => card.factor === factor && card.state === "erased").length;

/** Cards of this factor that lie in a group of another one. @param {string} factor */
export function elsewhere(factor) {
  const homes = new Map(clusters.value.map(({ id, factor: home }) => [id, home]));
  return published().filter((card) => card.factor === factor && card.cluster && homes.get(card.cluster) !== factor);
}

/** What a group is called: its name, or the first of the actions in it; of a merged one, of those it brought. @param {Cluster} cluster */
export function labelOf(cluster) {
  if (cluster.name) return cluster.name;
  const [first, ...others] = cards.value.filter((card) => (cluster.merge ? cluster.merge.cards.includes(card.id) : card.cluster === cluster.id));
  if (!first) return t("Group without a name");
  return others.length ? t("“%(text)s” and others", { text: first.text }) : first.text;
}
