/** Two sentences for who comes late: what the workshop has done so far, and where it is now. Until they are read. */

import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { formatTime, t, text, tn } from "../../core/i18n.js";
import { kept } from "../../core/keep.js";
import { board, cards, clusters, rounds, tallies } from "../../core/records.js";
import { currentRound, isLive, nextRounds } from "../../core/rounds.js";
import { groups } from "./groups.js";

/** Whoever was here at the beginning is told nothing. */
const arrived = kept("arrived", false);
const loading = arrived.load();
let looked = false;

/** Once the board is here: who sees it before the first round is not late. */
async function look() {
  if (looked) return;
  looked = true;
  await loading;
  if (!arrived.value.value && !rounds.value.some((round) => round.epoch > 0)) await greet();
}

const greet = () => arrived.change(() => true);

export function summaryView() {
  if (!board.value || !rounds.value.length) return nothing;
  void look();
  if (arrived.value.value || !rounds.value.some((round) => round.epoch > 0)) return nothing;
  return html`
    <div class="banner late-summary" role="note">${icon("info")} <p>${soFar()} ${now()}</p>
      <button type="button" class="button button-small" @click=${greet}>${t("Understood")}</button></div>`;
}

function soFar() {
  const over = rounds.value.filter((round) => round.state === "published" && round.epoch > 0).length;
  const shown = cards.value.filter((card) => card.state === "published").length;
  if (!shown && !over) return t("No round is over yet.");
  if (!shown) return tn("So far %(n)s round is over; no action is published yet.", "So far %(n)s rounds are over; no action is published yet.", over);
  return t("So far: %(rounds)s, %(actions)s, %(groups)s, %(votes)s.", {
    rounds: tn("%(n)s round", "%(n)s rounds", over),
    actions: tn("%(n)s action", "%(n)s actions", shown),
    groups: tn("%(n)s group", "%(n)s groups", clusters.value.length ? groups().length : 0),
    votes: tn("%(n)s published vote", "%(n)s published votes", tallies.value.length),
  });
}

function now() {
  const round = currentRound(rounds.value);
  const [next] = nextRounds(rounds.value);
  if (round && isLive(round) && round.ends_at_ms) return t("Now: “%(name)s”, until %(time)s.", { name: text(round.name), time: formatTime(round.ends_at_ms) });
  if (round) return t("Now: “%(name)s”.", { name: text(round.name) });
  return next ? t("Next comes “%(name)s”.", { name: text(next.name) }) : "";
}
