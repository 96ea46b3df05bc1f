// One word per kind and state of a round, as people see it on the console and the wall.

import { t } from "../../core/i18n.js";

/** @import {Round} from "../../core/records.js" */

/** @param {Round["kind"]} kind */
export function kindWord(kind) {
  return {
    setup: t("Set-up"), brief: t("Talk"), assess: t("Assessment"), post: t("Writing"), cluster: t("Grouping"),
    vote: t("Vote"), discuss: t("Discussion"), prioritise: t("Priorities"), break: t("Break"),
  }[kind];
}

const KIND_ICONS = {
  setup: "people", brief: "screen", assess: "check", post: "edit", cluster: "group",
  vote: "vote", discuss: "message", prioritise: "move", break: "clock",
};

/** The sprite's symbol for a kind. @param {Round["kind"]} kind */
export const kindIcon = (kind) => KIND_ICONS[kind];

/** @param {Round} round */
export function stateWord(round) {
  switch (round.state) {
    case "planned": return t("Planned");
    case "running": return t("Running");
    case "paused": return round.pause_reason === "outage" ? t("Paused by an outage") : t("Paused");
    case "closed": return round.kind === "post" ? t("In review") : t("To publish");
    case "published": return round.kind === "post" || round.method ? t("Published") : t("Finished");
    case "skipped": return t("Skipped");
    case "void": return t("Cancelled");
  }
}

/** Between its end and the grace. */
export const closingWord = () => t("Closing…");

/** The tag's look for a state. @param {Round} round */
export const stateTag = (round) => (["running", "paused", "closed"].includes(round.state) ? `tag tag-${round.state}` : "tag");

/** The language that the page is not in. @param {string} lang @returns {"fr"|"en"} */
export const otherLanguage = (lang) => (lang === "fr" ? "en" : "fr");
