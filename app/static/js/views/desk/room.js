/** The room desk as a whole: who is here without a device, the paper of the vote that is on, a show of hands. */

import { html } from "lit-html";
import { handsView } from "./hands.js";
import { hereView } from "./here.js";
import { paperView } from "./paper.js";
import { startDesk } from "./state.js";

export function roomDesk() {
  startDesk();
  return html`${paperView()} ${hereView()} ${handsView()}`;
}
