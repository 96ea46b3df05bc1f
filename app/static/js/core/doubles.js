/** Pairs of cards that perhaps say the same: the server's advice, asked for again when cards come or go. Nothing acts on it. */

import { effect, signal } from "@preact/signals-core";
import { cards, dismissed } from "./records.js";
import { page } from "./session.js";

/** @import {Card} from "./records.js" */
/** @typedef {{cards: [Card, Card], likely: boolean}} Double */

const PAUSE_MS = 800;
const AGAIN_MS = 10_000;

const advised = signal(/** @type {{cards: [string, string], likely: boolean}[]} */ ([]));
let timer = 0;

/** Asks as long as somebody wants to know. @param {() => boolean} isWanted reads signals */
export function followDoubles(isWanted) {
  let known = "";
  effect(() => {
    if (!isWanted()) return;
    const now = cards.value.filter((card) => card.state !== "held").map(({ id }) => id).join();
    if (now === known) return;
    known = now;
    askIn(PAUSE_MS);
  });
}

/** @param {number} ms */
function askIn(ms) {
  clearTimeout(timer);
  timer = setTimeout(ask, ms);
}

async function ask() {
  try {
    const answer = await fetch(page.urls["doubles"] ?? "", { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    advised.value = (await answer.json()).pairs;
  } catch {
    askIn(AGAIN_MS);
  }
}

/** The pairs that nobody has settled, closest first: not together yet, and not found to be two things. @returns {Double[]} */
function openDoubles() {
  const known = new Map(cards.value.map((card) => [card.id, card]));
  const settled = new Set(dismissed.value.map(({ id }) => id));
  return advised.value.flatMap(({ cards: [a, b], likely }) => {
    const [one, other] = [known.get(a), known.get(b)];
    if (!one || !other || settled.has([a, b].sort().join(":")) || one.state === "held" || other.state === "held") return [];
    return one.cluster && one.cluster === other.cluster ? [] : [{ cards: [one, other], likely }];
  });
}

/** Those of one factor; one that reaches into another factor only when it is likely. @param {string} factor */
export const doublesIn = (factor) => openDoubles().filter(({ cards: [a, b], likely }) => (a.factor === b.factor ? a.factor === factor : likely && (a.factor === factor || b.factor === factor)));
