// From a button to a command: asks first where something is lost for good, then sends.

import { t } from "../../core/i18n.js";
import { rounds } from "../../core/records.js";
import { isVoting } from "../../core/rounds.js";
import { page } from "../../core/session.js";
import * as commands from "./commands.js";
import { askMinutes, confirmPublish, confirmVoid } from "./questions.js";
import { closesForGood, nextRound } from "./rounds.js";
import { pick, picked } from "./state.js";
import { chooseTargets } from "./targets-dialog.js";
import { confirmStart } from "./checklist.js";
import { editRound, openLate, repeatRound } from "./agenda-edit.js";
import { mayDrive } from "./wheel.js";

/** @import {Round} from "../../core/records.js" */
/** @import {StepId} from "./steps.js" */

/**
 * @param {StepId} step
 * @param {Round} round
 * @returns {Promise<unknown>}
 */
export async function run(step, round) {
  if (!ALONE.has(step)) {
    if (!(await mayDrive())) return undefined;
    // What was commanded stays on the stage when it ends: its result is there, and "Next" leads on.
    picked.value = round.id;
  }
  switch (step) {
    case "start": return begin(round);
    case "pause": return commands.pause(round);
    case "resume": return commands.resume(round);
    case "extend1": return commands.extend(round, 1);
    case "extend3": return commands.extend(round, 3);
    case "close": return (!closesForGood(round) || (await confirmPublish(round))) && commands.close(round);
    case "publish": return (await confirmPublish(round)) && commands.publish(round);
    case "reopen": return again(round);
    case "void": return (await confirmVoid(round)) && commands.voidRound(round);
    case "skip": return (await commands.skip(round)) && goOn(round);
    case "plan": return commands.plan(round);
    case "edit": return editRound(round);
    case "repeat": return repeatRound(round);
    case "late": return lateRound(round);
    case "next": return goOn(round);
    case "exports": return location.assign(page.urls.exports);
  }
}

/** Steps that move only this console. */
const ALONE = new Set(["next", "exports"]);

/** @param {Round} round */
async function begin(round) {
  // Sheets are filled in a round of this kind too: without a vote there is nothing to choose.
  const onList = isVoting(round) && round.targets === "chosen" && !round.chosen;
  const targets = onList ? await chooseTargets(round) : await confirmStart(round);
  return targets && commands.start(round, targets === true ? undefined : targets);
}

/** @param {Round} round */
async function again(round) {
  const minutes = await askMinutes(round, round.state === "published" ? t("Run again now") : t("Reopen"));
  return minutes && commands.reopen(round, minutes);
}

/** @param {Round} round */
async function lateRound(round) {
  const minutes = await askMinutes(round, t("Open a late round"), true);
  if (minutes) await openLate(round, minutes);
}

/** The agenda moves on, the room does not: starting stays a decision. @param {Round} round */
function goOn(round) {
  const next = nextRound(rounds.value, round);
  if (next) pick(next.id);
}
