/** What a criterion of a vote is called. */

import { CRITERIA_WORDS } from "../contract-later.js";
import { text } from "./i18n.js";

/** @param {string} criterion */
export const criterionWords = (criterion) => text(/** @type {Record<string, import("./records.js").Words>} */ (CRITERIA_WORDS)[criterion]) || criterion;
