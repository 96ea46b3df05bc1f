/** "Show me what you wrote": one tap, and this device has nothing to show any more. What is in the urn stays there and counts. */

import { html, nothing } from "lit-html";
import { clearTyped, dropLate, drafts, keepTyped } from "../../core/drafts.js";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { change, mine } from "../../core/own.js";
import { castAll } from "../../core/own-ballots.js";
import { spend } from "../../core/own-texts.js";
import { rounds } from "../../core/records.js";
import { toast } from "../../core/toast.js";
import { typed } from "./state.js";

const hasSome = () => mine.value.texts.length > 0 || Object.keys(mine.value.ballots).length > 0 || drafts.value.late.length > 0;

/** While there is something to forget. No question asked: whoever needs it has no time for one. */
export function forgetButton() {
  if (!hasSome()) return nothing;
  const words = t("Forget here what I wrote and chose");
  return html`<button type="button" class="button button-quiet button-icon" data-act="forget" aria-label=${words} title=${words} @click=${() => void forgetNow()}>${icon("eye-off")}</button>`;
}

/** What is chosen goes on its way first; what waits for the link is sent by itself, and shown nowhere. */
async function forgetNow() {
  castAll();
  forgetTyped();
  const known = new Map(rounds.value.map((round) => [round.id, round]));
  // As if it had left the urn: the places that are used stay used.
  const spent = mine.value.texts.map((own) => {
    const round = known.get(own.round);
    return round && !own.withdrawn ? spend(own, round) : undefined;
  });
  const gone = change((before) => ({ ...before, texts: [], ballots: {} }));
  await Promise.all([...spent, gone, ...drafts.value.late.map(({ id }) => dropLate(id))]);
  toast(t("This device has forgotten what you wrote and chose. What is in the urn stays there and counts; it can no longer be changed from here."));
}

function forgetTyped() {
  keepTyped();
  for (const place of Object.keys(drafts.value.typed)) clearTyped(place);
  typed.value += 1;
}
