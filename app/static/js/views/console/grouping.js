// Commands on groups with their inverse: every one can be undone as long as nobody touched the cards since.

import { t, tn } from "../../core/i18n.js";
import { mintId } from "../../core/ids.js";
import { send } from "./commands.js";

/** @import {Card, Cluster} from "../../core/records.js" */

/** @param {Card[]} list @param {string | null} to */
export function move(list, to) {
  const moves = list.filter((card) => card.cluster !== to).map((card) => ({ card: card.id, to, seen: card.cluster }));
  if (!moves.length) return Promise.resolve(true);
  const done = tn("%(n)s action moved.", "%(n)s actions moved.", moves.length);
  return send("card.move", { moves }, { done, undo: () => send("card.move", { moves: moves.map(({ card, to: seen, seen: back }) => ({ card, to: back, seen })) }) });
}

/** @param {string} factor @param {Card[]} list @param {string} name @returns {Promise<string>} the new group's id; empty when it was refused */
export async function make(factor, list, name) {
  const ticked = list.map((card) => ({ card: card.id, seen: card.cluster }));
  const done = tn("%(n)s action grouped.", "%(n)s actions grouped.", list.length);
  const id = mintId();
  const moves = list.map((card) => ({ card: card.id, to: card.cluster, seen: id }));
  return (await send("cluster.make", { factor, cards: ticked, name }, { id, done, undo: () => send("card.move", { moves }) })) ? id : "";
}

/** @param {Cluster} cluster @param {string} name */
export function rename(cluster, name) {
  const named = { ...cluster, name };
  const done = name ? t("Named: %(name)s", { name }) : t("The name is gone.");
  return send("cluster.name", { cluster: cluster.id, name, seen: cluster.name }, { done, undo: () => send("cluster.name", { cluster: cluster.id, name: cluster.name, seen: named.name }) });
}

/** @param {Cluster} from @param {Cluster} into */
export const merge = (from, into) => send("cluster.merge", { from: from.id, into: into.id }, { done: t("Merged."), undo: () => unmerge(from) });

/** It gets back those of its cards that nobody moved since: the server knows which came with it. @param {Cluster} from */
export const unmerge = (from) => send("cluster.split", { cluster: from.id }, { done: t("Apart again.") });

/** @param {Cluster} cluster @param {Card[]} inside */
export function dissolve(cluster, inside) {
  const moves = inside.map((card) => ({ card: card.id, to: cluster.id, seen: null }));
  return send("cluster.dissolve", { cluster: cluster.id }, { done: t("Dissolved: its actions stand alone."), undo: () => send("card.move", { moves }) });
}
