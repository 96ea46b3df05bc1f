// Which buttons a round offers: exactly one that leads on, the others in reach. A table per state, read by the stage.

import { t, text } from "../../core/i18n.js";
import { isLive, isVoting, isWriting } from "../../core/rounds.js";
import { hasReview } from "./rounds.js";

/** @import {Round} from "../../core/records.js" */
/** @typedef {"start"|"pause"|"resume"|"extend1"|"extend3"|"close"|"publish"|"reopen"|"skip"|"plan"|"void"|"next"|"exports"|"edit"|"repeat"|"late"} StepId */
/** @typedef {{id: StepId, label: string, icon: string, title?: string}} Step */

/**
 * The one button that leads on.
 * @param {Round} round
 * @param {{next: Round | undefined, inReview: number}} around the round that follows; the cards in the review tray
 * @returns {Step}
 */
export function primaryStep(round, { next, inReview }) {
  switch (round.state) {
    case "planned": return { id: "start", label: t("Start · %(n)s min", { n: round.minutes }), icon: "play" };
    case "running": return { id: "close", label: closeLabel(round), icon: "stop" };
    case "paused": return { id: "resume", label: t("Resume"), icon: "play" };
    case "closed": return { id: "publish", label: publishLabel(round, inReview), icon: "eye" };
    default: return next
      ? { id: "next", label: t("Next: %(name)s", { name: text(next.name) }), icon: "arrow" }
      : { id: "exports", label: t("Take the results"), icon: "download" };
  }
}

/** @param {Round} round */
function closeLabel(round) {
  if (isWriting(round)) return hasReview(round) ? t("Close the writing") : t("Close and show");
  if (isVoting(round)) return t("Close the vote");
  return round.kind === "cluster" ? t("End the grouping") : t("Finish");
}

/** @param {Round} round @param {number} inReview */
function publishLabel(round, inReview) {
  if (isVoting(round)) return t("Count and publish");
  return t("Publish %(n)s actions", { n: inReview });
}

/**
 * The other buttons, most used first.
 * @param {Round} round
 * @returns {Step[]}
 */
export function otherSteps(round) {
  switch (round.state) {
    case "planned": return [{ id: "edit", label: t("Change…"), icon: "edit" }, { id: "skip", label: t("Skip"), icon: "skip" }];
    case "running": return [{ id: "pause", label: t("Pause"), icon: "pause", title: t("Space") }, ...EXTEND()];
    case "paused": return [...EXTEND(), { id: "close", label: closeLabel(round), icon: "stop" }];
    case "closed": return [{ id: "reopen", label: t("Reopen…"), icon: "reopen" }, ...late(round)];
    case "published": return [{ id: "reopen", label: t("Run again now…"), icon: "reopen", title: t("A new, empty round begins at once") }, { id: "repeat", label: isVoting(round) ? t("Vote again on…") : t("Schedule again…"), icon: "copy", title: t("A copy of it comes next in the agenda") }, ...late(round)];
    case "skipped":
    case "void": return [{ id: "plan", label: t("Plan again"), icon: "undo" }];
  }
}

/** @param {Round} round @returns {Step[]} */
const late = (round) => (isWriting(round) && !round.late_of ? [{ id: "late", label: t("Late round…"), icon: "clock", title: t("For those whose devices were away at the close") }] : []);

const EXTEND = () => [
  { id: /** @type {const} */ ("extend1"), label: t("+1 min"), icon: "clock", title: "+" },
  { id: /** @type {const} */ ("extend3"), label: t("+3 min"), icon: "clock" },
];

/** @param {Round} round @returns {Step[]} what destroys something, kept apart from the rest */
export function dangerousSteps(round) {
  const destroys = ["running", "paused", "closed"].includes(round.state) && (isWriting(round) || isVoting(round));
  return destroys ? [{ id: "void", label: t("Cancel…"), icon: "trash" }] : [];
}

/**
 * Where the round stands on its way, for the line above the button.
 * @param {Round} round
 * @returns {{label: string, state: "done"|"now"|"ahead"}[]}
 */
export function track(round) {
  const stops = [t("Ready"), round.reopened && isLive(round) ? t("Running again") : t("Running"), ...(hasReview(round) ? [isVoting(round) ? t("Counting") : t("Review")] : []), hasReview(round) ? t("Published") : t("Finished")];
  const here = { planned: 0, running: 1, paused: 1, closed: 2, published: stops.length - 1, skipped: -1, void: -1 }[round.state];
  return stops.map((label, index) => ({ label, state: index < here ? "done" : index === here ? "now" : "ahead" }));
}
