/** The board's records: their shapes, and each table as a signal over the replica. Read in a view, they redraw it when the board changes. */

import { computed } from "@preact/signals-core";
import { inOrder } from "./rounds.js";
import { replica, revision } from "./session.js";

/** @typedef {Record<string, string>} Words */
/** @typedef {{id: string, factor: string, table: "clusters" | "cards" | "factors"}} BallotTarget */

/**
 * @typedef {object} Round
 * @property {string} id
 * @property {number} rev
 * @property {number} order
 * @property {number} day
 * @property {string} starts
 * @property {"setup"|"brief"|"assess"|"post"|"cluster"|"vote"|"discuss"|"prioritise"|"break"} kind
 * @property {Words} name
 * @property {Words} instruction
 * @property {number} minutes
 * @property {Record<string, string[]> | null} scope
 * @property {string[]} factors
 * @property {"sealed"|"batched"|null} release
 * @property {number} cards_per_person
 * @property {boolean} per_factor
 * @property {string | null} method
 * @property {string | null} targets
 * @property {number} points
 * @property {number} cap
 * @property {"ring"|"close"} at_zero
 * @property {number} grace_s
 * @property {boolean} review
 * @property {"planned"|"running"|"paused"|"closed"|"published"|"skipped"|"void"} state
 * @property {number} epoch
 * @property {number | null} ends_at_ms
 * @property {number | null} left_ms
 * @property {"hand"|"outage"|null} pause_reason
 * @property {number | null} roster
 * @property {BallotTarget[] | null} ballot
 * @property {number} key
 * @property {number} reopened
 * @property {number} released
 * @property {number} unshown
 */

/** @typedef {{id: string, rev: number, number: number, title: Words, help: Words}} Factor */
/** @typedef {{id: string, rev: number, name: Words}} Table */
/** @typedef {{id: string, rev: number, factor: string, text: string, round: string, epoch: number, cluster: string | null, number: number, state: "review"|"published"|"held"|"erased", reason: string | null, kind: "action"|"question"|"comment", translation: Words}} Card */
/** @typedef {{id: string, rev: number, factor: string, name: string, merged_into: string | null, proposals: string[]}} Cluster */
/** @typedef {{table: "cards" | "clusters" | "factors" | "sheets", id: string}} CommentTarget */
/** @typedef {{id: string, rev: number, target: CommentTarget, text: string, by: "participant"|"expert"|"facilitator"|"rapporteur", name: Words | null, round: string | null}} Comment */
/** @typedef {{target: string, factor: string, total: number, counts: Record<string, number>, internal: number | null, external: number | null, rank: number, tied: boolean}} TallyRow */
/** @typedef {{id: string, rev: number, round: string, epoch: number, method: string, seats: number, ballots: number, split: boolean, voters: {internal: number, external: number} | null, rows: TallyRow[]}} Tally */
/** @typedef {{id: "board", rev: number, title: Words, card_chars: number, practice: boolean, practice_board: string | null, time_zone: string, axes?: {id: string, name: Words}[]}} Board */
/** @typedef {"deepen" | "implement" | "park"} Disposition */
/** @typedef {{id: string, rev: number, number: number, source: {table: "clusters" | "cards", id: string}, factor: string, others: string[], axis: string | null, table: string | null, disposition: Disposition | null, state: "draft" | "frozen" | "dropped", version: number, title: string}} Sheet its fields beside the title: SHEET_CHARS of the contract */

/** @param {string} table @returns {any[]} */
function all(table) {
  void revision.value;
  return replica.all(table);
}

export const board = computed(() => /** @type {Board | undefined} */ (all("board")[0]));
export const rounds = computed(() => inOrder(/** @type {Round[]} */ (all("rounds"))));
export const factors = computed(() => /** @type {Factor[]} */ (all("factors")).sort((a, b) => a.number - b.number));
export const tables = computed(() => /** @type {Table[]} */ (all("tables")));
export const cards = computed(() => /** @type {Card[]} */ (all("cards")).sort((a, b) => a.number - b.number));
export const clusters = computed(() => /** @type {Cluster[]} */ (all("clusters")));
export const sheets = computed(() => /** @type {Sheet[]} */ (all("sheets")).sort((a, b) => a.number - b.number));
export const comments = computed(() => /** @type {Comment[]} */ (all("comments")));
export const tallies = computed(() => /** @type {Tally[]} */ (all("tallies")));

/** @param {string} id */
export const factorOf = (id) => factors.value.find((factor) => factor.id === id);
