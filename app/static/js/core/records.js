/** The board's records: their shapes, and each table as a signal over the replica. Read in a view, they redraw it when the board changes. */

import { computed } from "@preact/signals-core";
import { inOrder } from "./rounds.js";
import { replica, revision } from "./session.js";

/** @typedef {Record<string, string>} Words */
/** @typedef {"clusters" | "cards" | "factors" | "questions" | "sheets"} TargetTable */
/** `bucket` is the list it stands in, for its budget and its rank: "*" for the one list of the round. @typedef {{id: string, factor: string, table: TargetTable, bucket?: string, words?: Words}} BallotTarget */

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
 * @property {"sealed"|"batched"|"at_once"|"signed"|null} release
 * @property {number} cards_per_person
 * @property {boolean} per_factor
 * @property {string | null} method
 * @property {string | null} targets
 * @property {Words[]} [questions]
 * @property {number} points
 * @property {number} cap
 * @property {"ring"|"close"|"advance"} at_zero
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
 * @property {{epoch: number, seats: number, cards: number, held: number, comments: number, unshown: number, ballots: number | null, mark: string}[]} [closings] what came out of its urns
 * @property {Record<string, number>} [extra] milliseconds a table has beyond the round's end
 * @property {string[] | null} [chosen] the targets it was planned for
 * @property {string | null} [late_of] the round whose latecomers it is for
 * @property {{code: string, data: Record<string, any>} | null} [held_up] why it did not begin when the one before it ended
 */

/** @typedef {{id: string, rev: number, number: number, title: Words, help: Words}} Factor */
/** @typedef {{id: string, rev: number, name: Words}} Table */
/** @typedef {{id: string, rev: number, factor: string, text: string, round: string, epoch: number, cluster: string | null, number: number, state: "review"|"published"|"held"|"erased", reason: string | null, kind: "action"|"question"|"comment", origin?: string, language?: "fr"|"en"|null, translation: Words, name?: Words | null}} Card */
/** @typedef {{id: string, rev: number, factor: string, name: string, released?: boolean, former_names?: string[], merged_into: string | null, merge?: {cards: string[], by: string, round: string | null} | null, contest?: "open"|"kept"|null, proposals: string[]}} Cluster */
/** @typedef {{table: TargetTable, id: string}} CommentTarget */
/** @typedef {{id: string, rev: number, target: CommentTarget, text: string, by: "participant"|"expert"|"facilitator"|"rapporteur", name: Words | null, round: string | null, kind?: CommentKind | null, language?: "fr"|"en"|null, translation?: Words, audience?: "all"|"desk"}} Comment */
/** @typedef {"question"|"practice"|"caution"|"reference"} CommentKind */
/** @typedef {{id: string, rev: number, from: string, into: string, by: string, name: Words | null, state: "open"|"accepted"|"declined"}} Suggestion */
/** @typedef {{id: string, rev: number, cards: [string, string]}} DismissedPair */
/** What is known of one scale. @typedef {{value: number | null, answers: number, agreement?: number | null, counts: Record<string, number>, internal: number | null, external: number | null}} Figures */
/**
 * A target's row; what later versions added is missing from older tallies.
 * @typedef {object} TallyRow
 * @property {string} target
 * @property {TargetTable} [table]
 * @property {string} factor
 * @property {string} [bucket]
 * @property {Words} [words]
 * @property {number} total
 * @property {number | null} [value] the figure that ranks: a sum, a mean, how many
 * @property {number} [answers]
 * @property {Record<string, number>} counts
 * @property {number | null} internal
 * @property {number | null} external
 * @property {number} rank
 * @property {boolean} tied
 * @property {number | null} [low]
 * @property {number | null} [high]
 * @property {string[]} [marks]
 * @property {number | null} [agreement]
 * @property {number | null} [divergence] in percentage points of share
 * @property {number | null} [across] how far both sides agree, from 0 to 1
 * @property {number} [first] how many ranked it first
 * @property {number} [schulze]
 * @property {"quick_win" | "major_work" | "small_step" | "not_now" | null} [quadrant]
 * @property {Record<string, Figures>} [criteria]
 * @property {[number, number] | null} [interval] of the mean, in a workshop that follows another
 * @property {{value: number | null, answers: number, interval: [number, number] | null, internal: number | null, external: number | null, gap: [number | null, number | null]} | null} [then] in the workshop before
 */
/** @typedef {{id: string, rev: number, round: string, epoch: number, method: string, seats: number, ballots: number, split: boolean, voters: {internal: number, external: number} | null, paper?: {counted: number | null, unconfirmed: number, overruled: number}, rows: TallyRow[]}} Tally */
/** @typedef {{id: "board", rev: number, title: Words, card_chars: number, practice: boolean, practice_board: string | null, time_zone: string, names_wait?: boolean, experts_wait?: boolean, axes?: {id: string, name: Words}[], spotlight?: CommentTarget | null, gathered?: {factor: string, times: number} | null, message?: {id: string, text: Words, ends_at_ms: number} | null}} Board */
/** @typedef {"deepen" | "implement" | "park"} Disposition */
/** @typedef {"not_begun" | "under_way" | "done" | "dropped"} Status */
/** @typedef {{id: string, rev: number, number: number, source: {table: "clusters" | "cards" | "earlier", id: string}, factor: string, others: string[], axis: string | null, table: string | null, disposition: Disposition | null, state: "draft" | "frozen" | "dropped", version: number, title: string, since?: Record<string, any>, horizon?: "short" | "medium" | "long" | null, status?: Status | null, percent?: number | null, released?: boolean}} Sheet its fields beside the title: SHEET_CHARS of the contract */
/** @param {string} table @returns {any[]} */
export function all(table) {
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
export const suggestions = computed(() => /** @type {Suggestion[]} */ (all("suggestions")));
export const dismissed = computed(() => /** @type {DismissedPair[]} */ (all("pairs")));
export const tallies = computed(() => /** @type {Tally[]} */ (all("tallies")));

/** @param {string} id */
export const factorOf = (id) => factors.value.find((factor) => factor.id === id);
