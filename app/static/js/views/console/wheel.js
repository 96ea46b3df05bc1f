// Who has the wheel: one of several facilitators. Handing over is one tap; after a minute of silence the others are offered to take over.

import { html, nothing } from "lit-html";
import { turnWheel } from "../../core/floor.js";
import { t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { floor } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { ask } from "./ask.js";

const nameOf = (/** @type {Record<string, any> | null | undefined} */ name) => (name ? text(name) : t("Another facilitator"));

export function takeOver() {
  const holder = nameOf(floor.value.wheel?.name);
  turnWheel(null);
  toast(t("You have the wheel. To undo it, hand over to %(name)s.", { name: holder }));
}

/** In the line on top: who runs the seminar, and to whom it can go. */
export function wheelView() {
  const wheel = floor.value.wheel;
  if (!wheel || (wheel.mine && !wheel.others.length)) return nothing;
  if (!wheel.mine) return html`<p class="bar-wheel">${icon("people")} <span>${t("At the wheel: %(name)s", { name: nameOf(wheel.name) })}</span></p>`;
  return wheel.others.map(
    ({ id, name }) => html`<button type="button" class="button button-small bar-wheel" title=${nameOf(name)} @click=${() => handOver(id, nameOf(name))}>${icon("people")} <span>${t("Hand over to %(name)s", { name: nameOf(name) })}</span></button>`,
  );
}

/** @param {string} id @param {string} name */
function handOver(id, name) {
  turnWheel(id);
  toast(t("%(name)s has the wheel.", { name }), { undo: () => turnWheel(null) });
}

/** Across the top of whoever does not have it. */
export function wheelBanner() {
  const wheel = floor.value.wheel;
  if (!wheel || wheel.mine) return nothing;
  const name = nameOf(wheel.name);
  return html`
    <div class=${wheel.silent ? "banner banner-danger" : "banner"} role="note">${icon(wheel.silent ? "warning" : "people")}
      <p>${wheel.silent ? t("No sign of %(name)s for a minute. The clock goes on by itself.", { name }) : t("%(name)s runs the seminar. You see everything, and can take over.", { name })}</p>
      <button type="button" class=${wheel.silent ? "button button-small button-primary" : "button button-small"} @click=${takeOver}>${t("Take over")}</button></div>`;
}

/** Two people must not press the same button: whoever has not the wheel is asked once. @returns {Promise<boolean>} */
export async function mayDrive() {
  const wheel = floor.value.wheel;
  if (!wheel || wheel.mine) return true;
  const yes = await ask({
    title: t("Take the wheel?"),
    body: html`<p>${t("%(name)s runs the seminar just now. Your command counts as well; take over first, so that you do not both press.", { name: nameOf(wheel.name) })}</p>`,
    yes: t("Take over and go on"),
    value: () => true,
  });
  if (yes) turnWheel(null);
  return Boolean(yes);
}
