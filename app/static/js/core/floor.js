/** What people say of the floor and the wheel: plain frames, kept nowhere; the server answers with a `floor` frame. */

import { send } from "./link.js";

/** Ask to speak, or no longer. @param {boolean} up */
export const raiseHand = (up) => send("hand", { up });

/** Give the floor, or end a turn. @param {"give"|"done"} act @param {string} hand */
export const giveFloor = (act, hand) => send("floor", { act, hand });

/** Take the wheel, or hand it to another facilitator. @param {string | null} to */
export const turnWheel = (to) => send("wheel", { to });
