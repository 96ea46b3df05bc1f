// The expert's remark beside what is shown: the newest about this factor, and any new one for a while.

import { computed, effect, signal } from "@preact/signals-core";
import { comments, rounds } from "../../core/records.js";
import { replica } from "../../core/session.js";
import { scene, shownPage } from "./show.js";

/** @import {Comment} from "../../core/records.js" */

const FRESH_MS = 40_000;
/** Scenes in which nothing may distract from writing or choosing. */
const QUIET = new Set(["writing", "voting", "welcome", "spotlight"]);

const fresh = signal(/** @type {string | null} */ (null));
/** What was there when the board came is not news. @type {Set<string> | undefined} */
let seen;

const fromExperts = computed(() => comments.value.filter((comment) => comment.by === "expert"));

export const remark = computed(() => {
  if (QUIET.has(scene.value.kind)) return undefined;
  const news = fromExperts.value.find((comment) => comment.id === fresh.value);
  return news ?? [...fromExperts.value].reverse().find((comment) => shownPage.value?.factor && factorOfTarget(comment) === shownPage.value.factor);
});

/** @param {Comment} comment */
function factorOfTarget(comment) {
  if (comment.target.table === "factors") return comment.target.id;
  const record = /** @type {{factor?: string} | undefined} */ (replica.get(comment.target.table, comment.target.id));
  return record?.factor;
}

/** @returns {() => void} */
export function startRemarks() {
  return effect(() => {
    if (!rounds.value.length) return;
    const ids = fromExperts.value.map((comment) => comment.id);
    const news = seen ? ids.filter((id) => !seen?.has(id)) : [];
    seen = new Set(ids);
    const newest = news[news.length - 1];
    if (!newest) return;
    fresh.value = newest;
    setTimeout(() => {
      if (fresh.peek() === newest) fresh.value = null;
    }, FRESH_MS);
  });
}
