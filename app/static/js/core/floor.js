/** What people say of the floor and the wheel: plain frames, kept nowhere; the server answers with a `floor` frame, or refuses. */

import { effect } from "@preact/signals-core";
import { sentence } from "./errors.js";
import { send } from "./link.js";
import { answered } from "./session.js";
import { toast } from "./toast.js";

effect(() => {
  const { event = "", results } = answered.value;
  for (const { code, data } of results) if (code && ["hand", "floor", "wheel"].includes(event)) toast(sentence(code, data));
});

/** Ask to speak, or no longer. @param {boolean} up */
export const raiseHand = (up) => send("hand", { up });

/** Give the floor, or end a turn. @param {"give"|"done"} act @param {string} hand */
export const giveFloor = (act, hand) => send("floor", { act, hand });

/** Take the wheel, or hand it to another facilitator. @param {string | null} to */
export const turnWheel = (to) => send("wheel", { to });
