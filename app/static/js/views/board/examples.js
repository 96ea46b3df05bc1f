/** What a good action looks like, for those who face an empty factor. */

import { t } from "../../core/i18n.js";

/** @import {Factor} from "../../core/records.js" */

/** One example an Arusha factor, by its English title: titles are data, so another list gets the general advice. */
const examples = () => ({
  "Leadership and Commitment": t("Publish each quarter what the directors did about integrity"),
  "Regulatory Framework": t("Cut the number of permits for transit and print the list in every office"),
  Transparency: t("Post the fees and the time limits at every counter"),
  Automation: t("Send the release note to the trader without a paper form"),
  "Reform and Modernization": t("Measure the release time every month and discuss it with the unions"),
  "Audit and Investigation": t("Check one declaration in fifty a second time, chosen by lot"),
  "Code of Conduct": t("Read the code of conduct together once a year, with cases"),
  "Human Resource Management": t("Fill exposed posts by open call and rotate them every three years"),
  "Morale and Organizational Culture": t("Honour each month a team that refused a bribe"),
  "Relationship with the Private Sector": t("Meet the forwarding agents every month and publish the answers"),
});

/** @param {Factor} factor @returns {string} */
export function exampleFor(factor) {
  const found = /** @type {Record<string, string>} */ (examples())[factor.title["en"] ?? ""];
  return found ? t("For example: “%(action)s”", { action: found }) : t("A verb and an object make a good action: who does what, and by when.");
}
