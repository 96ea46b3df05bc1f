/** What a person may do with sheets, notes and the screens: granted apart from what a participant's first page needs to know. */

import { DESK_GRANTS } from "../../contract-later.js";
import { grants } from "../../core/may.js";
import { rounds } from "../../core/records.js";
import { isLive } from "../../core/rounds.js";
import { you } from "../../core/session.js";

/** Whether a page offers such an operation; the server decides again. @param {string} kind */
export const may = (kind) => grants(kind, you.value.role, rounds.value.find(isLive), DESK_GRANTS);
