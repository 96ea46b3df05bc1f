/** Which buttons a person sees: the server's table of permissions, read for one role. The server decides again. */

import { ANY_TIME, GRANTS } from "../contract.js";
import { isLive } from "./rounds.js";

/** @import {Round} from "./records.js" */

/**
 * @param {string} kind an operation's kind
 * @param {string} role
 * @param {Round | undefined} round the round that is live
 * @param {Record<string, Record<string, string[]>>} table what is granted; pages beyond the board bring their own
 * @returns {boolean}
 */
export function grants(kind, role, round, table = /** @type {Record<string, Record<string, string[]>>} */ (GRANTS)) {
  const during = table[kind]?.[role] ?? [];
  return during.includes(ANY_TIME) || (round !== undefined && isLive(round) && during.includes(round.kind));
}
