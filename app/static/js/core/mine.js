/**
 * What is mine: the sealed texts and the ballot of this seat. Only this browser knows; the server never gives them back. Forgotten
 * when the round is published.
 */

import { effect, untracked } from "@preact/signals-core";
import { mintId } from "./ids.js";
import { change, load, mine } from "./own.js";
import { castAll, castSoon, followBallots, heardBallot, recoverBallots } from "./own-ballots.js";
import { followTexts, heardText, recoverTexts } from "./own-texts.js";
import { board, rounds } from "./records.js";
import { loaded, onAnswer } from "./session.js";

/** @typedef {import("./own.js").OwnText} OwnText */

export { mine };
export { ballotOf, choose, replaceOther } from "./own-ballots.js";
export { cardsLeft, commentsLeft, edit, ownCards, ownComments, post, withdraw } from "./own-texts.js";

/** Loads what earlier pages kept, sends again what never reached the outbox, and follows the rounds. Before the link is opened. */
export async function startMine() {
  onAnswer(heardText);
  onAnswer(heardBallot);
  await Promise.all([load(), loaded]);
  const seed = mintId();
  if (!mine.value.seed) await change((before) => ({ ...before, seed: before.seed || seed }));
  recoverTexts();
  recoverBallots();
  effect(() => {
    const known = new Map(rounds.value.map((round) => [round.id, round]));
    if (!board.value) return;
    untracked(() => {
      followTexts(known);
      followBallots(known);
    });
  });
  effect(() => {
    if (mine.value) untracked(castSoon);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? castAll() : void load()));
  addEventListener("pagehide", castAll);
}
