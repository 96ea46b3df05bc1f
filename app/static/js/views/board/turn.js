/** A shared phone: a PIN for each seat, and the end of a turn, which sends first and then leaves nothing behind. */

import { html, nothing } from "lit-html";
import { openDialog } from "../../core/dialog.js";
import { drafts, dropLate } from "../../core/drafts.js";
import { icon } from "../../core/icon.js";
import { t, text, tn } from "../../core/i18n.js";
import { forgetSeat } from "../../core/keep.js";
import { castAll } from "../../core/own-ballots.js";
import { factorOf, rounds } from "../../core/records.js";
import { link, page, pending, retryNow } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { forgetButton } from "./forget.js";
import { soon } from "./later.js";

/** @import {Op} from "../../core/outbox.js" */
/** @typedef {(value?: string) => void} Close */

/** Forgetting is always one tap away; on a phone that several people use, passing it on is, too. */
export const turnButton = () => html`${forgetButton()} ${
  page.shared ? html`<button type="button" class="button button-quiet turn-button" @click=${() => void endTurn()}>${icon("leave")} <span>${t("End my turn")}</span></button>` : nothing}`;

/** What there is to read of a seat's turn in the help: the PIN and the end. @param {Close} close */
export const turnPanel = (close) => html`
  <div class="panel panel-sunken">
    <p class="panel-title">${t("This device")}</p>
    <p>${t("Your sealed actions and your ballot are only here, until the round is published. The server never gives them back.")}</p>
    <div class="line">
      ${page.urls["pin"] ? html`<button type="button" class="button" @click=${() => close("pin")}>${icon("lock")} ${page.pin ? t("Change my PIN") : t("Several people use it: choose a PIN")}</button>` : nothing}
      <button type="button" class="button" @click=${() => close("leave")}>${icon("leave")} ${t("End my turn")}</button>
    </div>
  </div>`;

/** Four digits that keep the neighbours out while somebody else has the phone. @returns {Promise<boolean>} whether there is a PIN now */
export async function choosePin() {
  let pin = "";
  let error = "";
  for (;;) {
    const wrong = error;
    const answer = await openDialog({
      title: t("A PIN for your seat"),
      body: (/** @type {Close} */ close) => html`
        <form class="stack" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), close("keep"))}>
          <p>${t("Several people use this phone. With four digits only you open your seat here. If you forget them, the code on your sheet helps.")}</p>
          <div class="field"><label class="label" for="pin">${t("Four digits")}</label>
            <input class="input input-pin" id="pin" type="password" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" autocomplete="off" autofocus required aria-invalid=${wrong ? "true" : nothing}
              @input=${(/** @type {Event} */ event) => (pin = /** @type {HTMLInputElement} */ (event.target).value)} />
            ${wrong ? html`<p class="field-error" role="alert">${wrong}</p>` : nothing}</div>
        </form>`,
      actions: [
        { label: t("Not now"), value: "" },
        { label: t("Keep this PIN"), value: "keep", kind: "button-primary" },
      ],
    });
    if (answer !== "keep") return page.pin;
    error = await sendPin(pin);
    if (!error) break;
  }
  page.pin = true;
  toast(t("Your seat has a PIN on this phone."));
  return true;
}

/** @param {string} pin @returns {Promise<string>} what is wrong with it */
async function sendPin(pin) {
  try {
    const response = await fetch(page.urls["pin"] ?? "", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.csrf },
      body: JSON.stringify({ pin }),
    });
    return response.ok ? "" : String((await response.json()).error ?? t("Four digits, please."));
  } catch {
    return t("No connection: try again in a moment.");
  }
}

/** What is on its way goes first; what cannot go is shown, and the person decides. */
export async function endTurn() {
  castAll();
  const answer = await openDialog({ title: t("End my turn?"), body: (/** @type {Close} */ close) => html`${leftBehind()} ${choices(close)}` });
  if (answer === "scribe") return handOver();
  if (answer === "keep" && !page.pin && !(await choosePin())) return;
  if (answer === "keep") return leave({ wait: true });
  if (answer !== "end") return;
  await forgetSeat();
  leave({ wait: page.pin });
}

const unsent = () => pending.value.length + drafts.value.late.length;

function leftBehind() {
  const waiting = pending.value.length;
  const late = drafts.value.late.length;
  if (waiting && link.value.state === "online") return html`<p class="notice" role="status">${icon("clock")} <span>${tn("Sending %(n)s thing…", "Sending %(n)s things…", waiting)}</span></p>`;
  return html`
    ${waiting ? html`<div class="notice notice-danger" role="alert">${icon("warning")} <p>${tn("%(n)s thing is not sent yet: there is no connection.", "%(n)s things are not sent yet: there is no connection.", waiting)} <button type="button" class="button button-small" @click=${retryNow}>${t("Try now")}</button></p></div>` : nothing}
    ${late ? html`<p class="notice">${icon("info")} <span>${tn("%(n)s draft came too late for its round.", "%(n)s drafts came too late for their round.", late)}</span></p>` : nothing}
    <p>${t("This phone forgets what you wrote, and the next person can take it. What is in the urn stays there and counts; you can no longer change it from here.")}</p>`;
}

/** @param {Close} close */
function choices(close) {
  const some = unsent() > 0;
  return html`<div class="dialog-choices">
    ${some ? html`<button type="button" class="button button-primary" @click=${() => close("keep")}>${icon("lock")} ${t("Keep it here behind my PIN")}</button>` : nothing}
    ${some ? html`<button type="button" class="button" @click=${() => close("scribe")}>${icon("people")} ${t("Show it to the scribe")}</button>` : nothing}
    <button type="button" class="button ${some ? "button-danger" : "button-primary"}" ?disabled=${pending.value.length > 0 && link.value.state === "online"} @click=${() => close("end")}>${some ? t("Give it up and end my turn") : t("End my turn")}</button>
    <button type="button" class="button button-quiet" @click=${() => close()}>${t("Go back")}</button>
  </div>`;
}

/** The scribe copies what could not be sent; then this phone forgets it. */
async function handOver() {
  const texts = [...pending.value.flatMap(words), ...drafts.value.late.map((late) => ({ about: factorName(late.factor), text: late.text }))];
  const answer = await openDialog({
    title: t("For the scribe"),
    wide: true,
    body: html`<p>${t("The scribe enters this with your seat code. Nothing of it stays here afterwards.")}</p>
      <ul class="stack">${texts.map(({ about, text: said }) => html`<li class="panel"><p class="muted">${about}</p><p class="hand-over" dir="auto">${said}</p></li>`)}</ul>`,
    actions: [
      { label: t("Go back"), value: "" },
      { label: t("The scribe has it: forget it here"), value: "done", kind: "button-primary" },
    ],
  });
  if (answer !== "done") return;
  for (const late of drafts.value.late) await dropLate(late.id);
  await forgetSeat();
  leave({ wait: page.pin });
}

/** @param {string} id */
function factorName(id) {
  const factor = factorOf(id);
  return factor ? `${factor.number}. ${text(factor.title)}` : "";
}

/** An unsent operation as somebody would copy it. @param {Op} op @returns {{about: string, text: string}[]} */
function words({ kind, payload }) {
  const round = rounds.value.find(({ id }) => id === payload["round"]);
  const name = round ? text(round.name) : "";
  if (kind === "ballot.cast") return [{ about: name, text: t("A ballot: fill in a paper one with the scribe.") }];
  return typeof payload["text"] === "string" ? [{ about: payload["factor"] ? factorName(payload["factor"]) : name, text: payload["text"] }] : [];
}

/** @param {{wait: boolean}} how */
function leave({ wait }) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: page.urls["leave"] });
  const values = wait ? { csrf_token: page.csrf, wait: "1" } : { csrf_token: page.csrf };
  for (const [name, value] of Object.entries(values)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}

/** A page out of the browser's memory of pages is of the person before: ask the server. */
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
// Not at once: the words for it come beside this half of the page.
soon(() => {
  if (page.shared && !page.pin) void choosePin();
});
