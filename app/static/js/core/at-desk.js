/** For whom a scribe's desk enters: the seat whose mark was typed. Empty on everybody's own page. */

import { computed, signal } from "@preact/signals-core";
import { page } from "./page.js";

export const seatMark = signal("");
/** The seat of this desk with that mark. */
export const seatAtDesk = computed(() => page.desk.find(({ mark }) => mark === seatMark.value));
