// What a group, an action or a factor is called on screen, whatever table it lives in.

import { t, text } from "../../core/i18n.js";
import { cards, clusters, factorOf, rounds, sheets } from "../../core/records.js";

/** @import {Cluster} from "../../core/records.js" */

/** @param {string} id @returns {string} */
export function clusterLabel(id) {
  const cluster = clusters.value.find((record) => record.id === id);
  if (cluster?.name) return cluster.name;
  const [first, ...others] = cardsIn(id);
  if (!first) return t("A group without a name");
  return others.length ? t("“%(text)s” and others", { text: first.text }) : first.text;
}

/** A group that went into another one: its name, or the first of the actions it brought. @param {Cluster} cluster */
export function mergedLabel(cluster) {
  const first = cards.value.find((card) => card.id === cluster.merge?.cards[0]);
  return cluster.name || (first ? t("“%(text)s” and others", { text: first.text }) : t("A group without a name"));
}

/**
 * The words of a target, looked up in each table in turn.
 * @param {string} id
 * @returns {string}
 */
export function targetLabel(id) {
  if (clusters.value.some((cluster) => cluster.id === id)) return clusterLabel(id);
  const card = cards.value.find((record) => record.id === id);
  if (card) return card.text;
  const sheet = sheets.value.find((record) => record.id === id);
  if (sheet) return sheet.title;
  const question = rounds.value.flatMap(({ ballot }) => ballot ?? []).find((target) => target.id === id && target.words);
  if (question) return text(question.words);
  const factor = factorOf(id);
  return factor ? text(factor.title) : t("No longer on the board");
}

/** @param {string} id */
export const cardsIn = (id) => cards.value.filter((card) => card.cluster === id && card.state === "published").sort((a, b) => a.number - b.number);
