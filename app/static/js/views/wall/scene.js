// What the wall shows now: one thing, read from the agenda. Pure. Only what everybody may see ever gets here.

import { inOrder, isLive, isVoting, isWriting } from "../../core/rounds.js";

/** @import {Card, Round, Tally} from "../../core/records.js" */
/**
 * @typedef {"welcome"|"title"|"writing"|"voting"|"sealed"|"cards"|"ranking"|"spotlight"} SceneKind
 * @typedef {{kind: SceneKind, round: Round | undefined, tally: Tally | undefined, factors: string[]}} Scene
 */

/**
 * @param {Round[]} rounds
 * @param {Card[]} cards published ones only
 * @param {Tally[]} tallies
 * @param {boolean} [isSpotlit] the facilitator shows one thing on every screen
 * @returns {Scene}
 */
export function sceneOf(rounds, cards, tallies, isSpotlit = false) {
  const list = inOrder(rounds);
  if (isSpotlit) return scene("spotlight", list.find(isLive));
  const live = list.find(isLive);
  if (live) return liveScene(live, list, cards, tallies);
  const last = [...list].reverse().find((round) => round.state === "published" || round.state === "closed");
  if (last?.state === "closed") return scene("sealed", last);
  return last && (isWriting(last) || isVoting(last)) ? shown(last, cards, tallies) : scene("welcome", last);
}

/** @param {Round} round @param {Round[]} list @param {Card[]} cards @param {Tally[]} tallies @returns {Scene} */
function liveScene(round, list, cards, tallies) {
  if (isWriting(round)) return scene("writing", round, undefined, playing(round));
  if (isVoting(round)) return scene("voting", round, undefined, playing(round));
  if (round.kind === "setup") return scene("welcome", round);
  if (round.kind === "cluster") return withCards(round, playing(round), cards);
  if (round.kind === "discuss" || round.kind === "prioritise") return discussed(round, list, cards, tallies);
  return scene("title", round);
}

/**
 * A discussion is about the newest thing that was opened before it.
 * @param {Round} round @param {Round[]} list @param {Card[]} cards @param {Tally[]} tallies @returns {Scene}
 */
function discussed(round, list, cards, tallies) {
  const before = list.filter((other) => other.order < round.order && other.state === "published");
  const source = before.reverse().find((other) => isWriting(other) || isVoting(other) || other.kind === "cluster");
  if (!source) return scene("title", round);
  if (isVoting(source)) return { ...shown(source, cards, tallies), round };
  return withCards(round, playing(round).length ? playing(round) : playing(source), cards);
}

/** What a published round opened. @param {Round} round @param {Card[]} cards @param {Tally[]} tallies @returns {Scene} */
function shown(round, cards, tallies) {
  if (isWriting(round)) return withCards(round, playing(round), cards);
  const tally = tallies.filter((record) => record.round === round.id).sort((a, b) => b.epoch - a.epoch)[0];
  return tally ? scene("ranking", round, tally) : scene("welcome", round);
}

/** @param {Round} round @param {string[]} factors @param {Card[]} cards @returns {Scene} */
function withCards(round, factors, cards) {
  const used = new Set(cards.map((card) => card.factor));
  const filled = (factors.length ? factors : [...used]).filter((factor) => used.has(factor));
  if (filled.length) return scene("cards", round, undefined, filled);
  return scene(isLive(round) ? "title" : "welcome", round);
}

/** The factors of a round, over all its tables. @param {Round} round @returns {string[]} */
export const playing = (round) => (round.scope ? [...new Set(Object.values(round.scope).flat())] : round.factors);

/** @param {SceneKind} kind @param {Round | undefined} round @param {Tally} [tally] @param {string[]} [factors] @returns {Scene} */
const scene = (kind, round, tally, factors = []) => ({ kind, round, tally, factors });
