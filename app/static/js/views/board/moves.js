/** Grouping as commands, each with its inverse: undo restores what nobody has touched since. */

import { sentence } from "../../core/errors.js";
import { mintId } from "../../core/ids.js";
import { t, tn } from "../../core/i18n.js";
import { cards } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { ticked } from "./state.js";

/** @import {Card, Cluster} from "../../core/records.js" */

/**
 * @param {string} kind
 * @param {Record<string, any>} payload
 * @param {string} done
 * @param {() => unknown} [undo]
 * @param {string} [id]
 */
async function send(kind, payload, done, undo, id) {
  const answer = await submit(kind, payload, id ? { id } : {});
  if ("code" in answer) toast(sentence(answer.code, answer.data));
  else toast(done, undo ? { undo } : {});
  return !("code" in answer);
}

/** @param {Card[]} list @param {string | null} to */
export function move(list, to) {
  const moves = list.filter((card) => card.cluster !== to).map((card) => ({ card: card.id, to, seen: card.cluster }));
  ticked.value = new Set();
  if (!moves.length) return;
  const back = moves.map(({ card, seen }) => ({ card, to: seen, seen: to }));
  const done = to ? tn("%(n)s action moved.", "%(n)s actions moved.", moves.length) : tn("%(n)s action stands alone again.", "%(n)s actions stand alone again.", moves.length);
  return send("card.move", { moves }, done, () => send("card.move", { moves: back }, t("Undone.")));
}

/** @param {string} factor the new group's home @param {Card[]} list @returns {Promise<string | null>} the new group's id */
export async function group(factor, list) {
  const id = mintId();
  ticked.value = new Set();
  const payload = { factor, cards: list.map((card) => ({ card: card.id, seen: card.cluster })), name: "" };
  const isMade = await send("cluster.make", payload, tn("%(n)s action grouped.", "%(n)s actions grouped.", list.length), () => ungroup(id, list), id);
  return isMade ? id : null;
}

/** @param {string} cluster @param {Card[]} before */
function ungroup(cluster, before) {
  const inside = new Set(cards.value.filter((card) => card.cluster === cluster).map(({ id }) => id));
  const moves = before.filter(({ id }) => inside.has(id)).map((card) => ({ card: card.id, to: card.cluster, seen: cluster }));
  return moves.length ? send("card.move", { moves }, t("Undone.")) : undefined;
}

/** @param {Cluster} from @param {string} into */
export const merge = (from, into) => send("cluster.merge", { from: from.id, into }, t("Merged."), () => send("cluster.split", { cluster: from.id }, t("Apart again.")));

/** @param {Cluster} from @param {string} into */
export const suggestMerge = (from, into) => send("suggestion.merge", { from: from.id, into }, t("Suggested. The facilitator decides."));

/** @param {Cluster} cluster */
export function dissolve(cluster) {
  const moves = cards.value.filter((card) => card.cluster === cluster.id).map((card) => ({ card: card.id, to: cluster.id, seen: null }));
  return send("cluster.dissolve", { cluster: cluster.id }, t("Dissolved: its actions stand alone."), () => send("card.move", { moves }, t("Undone.")));
}

/** @param {Cluster} cluster @param {string} name */
export const propose = (cluster, name) => send("cluster.propose", { cluster: cluster.id, name }, t("Name proposed: %(name)s", { name }));

/** @param {Cluster} cluster @param {string} name */
export function rename(cluster, name) {
  const undo = () => send("cluster.name", { cluster: cluster.id, name: cluster.name, seen: name }, t("Undone."));
  return send("cluster.name", { cluster: cluster.id, name, seen: cluster.name }, t("Named: %(name)s", { name }), undo);
}
