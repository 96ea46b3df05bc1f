// The rules of a round in words: what a facilitator reads aloud. Only wording; the server applies the rules.

import { t, tn } from "../../core/i18n.js";
import { criterionWords } from "../../core/criteria.js";
import { criteriaOf, methodOf, nameOf } from "../../core/methods.js";

/** @import {Round} from "../../core/records.js" */

/**
 * Short sentences, in the order in which people ask for them.
 * @param {Round} round
 * @returns {string[]}
 */
export function rulesInWords(round) {
  return [...budget(round), ...secrecy(round), atZero(round)].filter(Boolean);
}

/** @param {Round} round */
function budget(round) {
  if (round.kind === "post" && round.cards_per_person) return [cardBudget(round)];
  if (!round.method) return [];
  return [methodInWords(round), targetsInWords(round)];
}

/** @param {Round} round */
function cardBudget(round) {
  const n = round.cards_per_person;
  return round.per_factor
    ? tn("%(n)s action per person and factor", "%(n)s actions per person and factor", n)
    : tn("%(n)s action per person", "%(n)s actions per person", n);
}

/** @param {Round} round */
export function methodInWords(round) {
  const { points, cap } = round;
  const wholly = scopeOf(round) === "round";
  switch (nameOf(round)) {
    case "points":
      if (wholly) return cap ? t("%(points)s points in all, at most %(cap)s on one", { points, cap }) : t("%(points)s points in all", { points });
      return cap ? t("%(points)s points per factor, at most %(cap)s on one group", { points, cap }) : t("%(points)s points per factor", { points });
    case "hundred": return t("A hundred points to share");
    case "quadratic": return t("%(points)s points; two votes for one cost 4, three cost 9", { points });
    case "choose": return wholly ? tn("Choose %(n)s at most", "Choose %(n)s at most", points) : tn("Choose %(n)s at most per factor", "Choose %(n)s at most per factor", points);
    case "rank": return t("Choose and rank %(points)s", { points });
    case "approval": return t("Tick everything you support");
    case "consent": return t("Agree, agree with a reserve, or oppose");
    case "score_1_5": return t("A score from 1 to 5; skipping is allowed");
    case "criteria_1_5": return t("From 1 to 5: %(criteria)s; skipping is allowed", { criteria: criteriaOf(round).map(criterionWords).join(", ") });
    default: return "";
  }
}

/** Whether a budget is one per factor or one in all. @param {Round} round */
const scopeOf = (round) => (round.targets === "factors" ? "round" : round.method?.split(":")[1] ?? methodOf(round)?.scope);

/** @param {Round} round */
function targetsInWords(round) {
  switch (round.targets) {
    case "clusters": return t("on the groups");
    case "cards": return t("on single actions");
    case "factors": return t("on the factors");
    case "chosen": return t("on a list you choose at the start");
    case "questions": return tn("on %(n)s question", "on %(n)s questions", round.questions?.length ?? 0);
    case "sheets": return t("on the action sheets");
    default: return "";
  }
}

/** @param {Round} round */
function secrecy(round) {
  if (round.kind === "post" && round.release === "sealed") {
    return [t("sealed: nobody sees the actions before the opening"), round.review ? t("reviewed before they are shown") : t("shown as soon as it closes")];
  }
  if (round.kind === "post" && round.release === "batched") return [t("unnamed: mixed among at least five authors before it is shown")];
  if (round.kind === "post" && round.release === "at_once") return [t("unnamed, but shown at once")];
  if (round.kind === "post" && round.release === "signed") return [t("signed: shown at once with the author’s name")];
  return round.method ? [t("secret: no count before the publication")] : [];
}

/** @param {Round} round */
function atZero(round) {
  if (!round.minutes) return "";
  if (round.at_zero === "advance") return t("closes at zero, and the next round starts");
  return round.at_zero === "close"
    ? t("closes at zero, %(n)s s of grace for what is on its way", { n: round.grace_s })
    : t("at zero it only shows; you close it");
}

/**
 * "T1: 1, 10" per table, or nothing when every table has the same factors.
 * @param {Round} round
 * @param {(factor: string) => number} numberOf
 * @returns {{table: string, numbers: number[]}[]}
 */
export function scopeByTable(round, numberOf) {
  if (!round.scope) return [];
  return Object.entries(round.scope).map(([table, factors]) => ({ table, numbers: factors.map(numberOf) }));
}
