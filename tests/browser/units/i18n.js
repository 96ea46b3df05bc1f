import { format, urgency } from "../../../app/static/js/core/countdown.js";
import { t, text, tn } from "../../../app/static/js/core/i18n.js";
import { equal } from "./check.js";

export function a_sentence_is_translated_and_filled() {
  equal(t("Hello %(name)s", { name: "Agent 07" }), "Bonjour Agent 07");
  equal(t("Not translated %(name)s", { name: "x" }), "Not translated x");
}

export function zero_is_singular_in_french() {
  equal([0, 1, 2].map((n) => tn("%(n)s card", "%(n)s cards", n)), ["0 fiche", "1 fiche", "2 fiches"]);
}

export function a_data_value_never_becomes_a_pattern() {
  equal(t("Hello %(name)s", { name: "%(name)s $& $1" }), "Bonjour %(name)s $& $1");
}

export function data_comes_in_the_language_of_the_person_or_in_any() {
  equal([text({ fr: "oui", en: "yes" }), text({ en: "yes" }), text(null)], ["oui", "yes", ""]);
}

export function a_countdown_reads_as_on_a_clock() {
  equal([0, 1, 59_001, 60_000, 3_725_000].map(format), ["0:00", "0:01", "1:00", "1:00", "1:02:05"]);
  equal([null, 61_000, 60_000, 10_000, 0].map(urgency), ["running", "running", "soon", "last", "over"]);
}
