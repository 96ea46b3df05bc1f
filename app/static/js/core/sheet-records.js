/** The records around the action sheets: versions, reports of progress, the rapporteur's notes, what an earlier workshop left. */

import { computed } from "@preact/signals-core";
import { all } from "./records.js";

/** @import {Status, Words} from "./records.js" */

/** @typedef {{id: string, number: number, sheets: string[], before: Record<string, Record<string, any>>, by: string, name: Words | null, at_ms: number}} Version */
/** @typedef {{status: Status, percent: number | null, text: string, day: string}} Step */
/** @typedef {Step & {id: string, sheet: string, number: number, by: string, name: Words | null}} Report */
/** @typedef {{id: string, rev: number, target: {table: "clusters" | "sheets" | "factors", id: string}, kind: "said" | "amendment", text: string, by: string, name: Words | null, released: boolean}} Note */
/** @typedef {{round: Words, method: string, value: number | null, rank: number, tied: boolean, ballots: number, seats: number, internal: number | null, external: number | null}} VoteThen */
/** @typedef {{title: Words, day: string, plan: Record<string, any>, cards: {number: number, text: string}[], votes: VoteThen[], notes: {by: string, kind: string, text: string}[], progress: Step[]}} Chapter */
/** @typedef {{id: string, chapters?: Chapter[], title?: Words, day?: string}} Earlier */

export const versions = computed(() => /** @type {Version[]} */ (all("versions")).sort((a, b) => a.number - b.number || a.at_ms - b.at_ms));
export const progress = computed(() => /** @type {Report[]} */ (all("progress")).sort((a, b) => a.number - b.number));
export const notes = computed(() => /** @type {Note[]} */ (all("notes")));
export const earlier = computed(() => /** @type {Earlier[]} */ (all("earlier")));
