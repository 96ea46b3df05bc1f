/** Silent first, where the workshop decided so: names of groups come after the sorting. */

import { board, rounds } from "./records.js";

/** Whether names of this factor's groups still wait for the sorting; the server decides again. @param {string} factor */
export const namesWait = (factor) => board.value?.names_wait === true && !rounds.value.some((round) => round.kind === "cluster" && round.state === "published" && round.factors.includes(factor));
