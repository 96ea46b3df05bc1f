// Changing the agenda: a round is added, altered, moved, taken out or repeated; each with its undo. What has begun stays as it ran.

import { t, text } from "../../core/i18n.js";
import { mintId } from "../../core/ids.js";
import { rounds } from "../../core/records.js";
import { isVoting } from "../../core/rounds.js";
import { toast } from "../../core/toast.js";
import { send } from "./commands.js";
import { askPlan, newPlan, planOf } from "./round-dialog.js";
import { pick } from "./state.js";
import { chooseTargets } from "./targets-dialog.js";

/** @import {Round} from "../../core/records.js" */
/** @import {Plan} from "./round-dialog.js" */

/** Whether a round can still be moved and altered. @param {Round} round */
export const isOpen = (round) => ["planned", "skipped", "void"].includes(round.state);

/** @param {Round | undefined} after the round it comes after */
export async function addRound(after) {
  const made = await askPlan({ title: t("New round"), yes: t("Add to the agenda"), plan: newPlan(after), take: (plan) => ["round.add", { ...plan, after: after?.id ?? null }] });
  if (made) told(made.id, t("Added: %(name)s", { name: text(made.plan.name) }));
}

/** @param {string} id @param {string} done */
function told(id, done) {
  pick(id);
  toast(done, { undo: () => send("round.remove", { round: id }, { done: t("Taken out again.") }) });
}

/** @param {Round} round */
export async function editRound(round) {
  const before = planOf(round);
  const made = await askPlan({
    title: t("Change this round"),
    yes: t("Save"),
    plan: before,
    take: (plan) => ["round.edit", { ...plan, round: round.id, seen: now(round).rev }],
  });
  if (!made) return;
  toast(t("Changed: %(name)s", { name: text(made.plan.name) }), { undo: () => send("round.edit", { ...before, round: round.id, seen: now(round).rev }, { done: t("As it was before.") }) });
}

/** The round as it is now. @param {Round} round */
const now = (round) => rounds.value.find(({ id }) => id === round.id) ?? round;

/** @param {Round} round @returns {string | null} what it follows in the agenda */
function predecessor(round) {
  const list = rounds.value;
  return list[list.findIndex(({ id }) => id === round.id) - 1]?.id ?? null;
}

/** One place up or down; its own place is what the undo goes back to. @param {Round} round @param {-1 | 1} by */
export function moveRound(round, by) {
  const list = rounds.value;
  const at = list.findIndex(({ id }) => id === round.id);
  const after = by < 0 ? list[at - 2] : list[at + 1];
  if ((by < 0 && at === 0) || (by > 0 && !after)) return Promise.resolve(false);
  const back = predecessor(round);
  return send("round.move", { round: round.id, after: after?.id ?? null }, { done: t("Moved: %(name)s", { name: text(round.name) }), undo: () => send("round.move", { round: round.id, after: back }) });
}

/** @param {Round} round */
export function removeRound(round) {
  const back = predecessor(round);
  const again = () => send("round.add", { ...planOf(round), after: back, chosen: round.chosen ?? null }, { done: t("It is in the agenda again.") });
  return send("round.remove", { round: round.id }, { done: t("Taken out: %(name)s", { name: text(round.name) }), undo: again });
}

/** The same round once more; a vote on some of its list. @param {Round} round */
export async function repeatRound(round) {
  const plan = again(planOf(round));
  const onList = isVoting(round) && ["clusters", "cards", "chosen"].includes(round.targets ?? "");
  const chosen = onList ? await chooseTargets(round, t("Vote again on these")) : null;
  if (onList && !chosen) return;
  const id = mintId();
  if (await send("round.add", { ...plan, after: round.id, chosen }, { id })) told(id, t("Added: %(name)s", { name: text(plan.name) }));
}

/** @param {Plan} plan @returns {Plan} */
const again = (plan) => ({ ...plan, name: { fr: `${plan.name.fr ?? ""} (bis)`, en: `${plan.name.en ?? ""} (again)` } });

/** A short round of their own for those who were offline at the close. @param {Round} round @param {number} minutes */
export async function openLate(round, minutes) {
  const id = mintId();
  if (await send("round.late", { round: round.id, minutes }, { id })) told(id, t("A round for latecomers is in the agenda: start it when the room is ready."));
}
