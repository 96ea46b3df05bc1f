// The pages that the server writes: theme, the field that is wrong, copy, print and show buttons, waiting at the door, a question before what cannot be undone.

import { openDialog } from "./core/dialog.js";
import { t } from "./core/i18n.js";
import { leaveFirst, offerLeaving } from "./core/left-behind.js";
import { startMenus } from "./core/menu.js";
import { startTheme } from "./core/theme.js";
import { toast } from "./core/toast.js";
import { weigh } from "./core/upload.js";

const ASK_DOOR_MS = 3000;
const ASK_DOOR_AT_MOST_MS = 24_000;
const ASK_JOB_MS = 600;

startTheme();
startMenus();
leadToWrong();
document.addEventListener("click", press);
document.addEventListener("change", weigh);
document.addEventListener("submit", (event) => void confirmFirst(event));
document.addEventListener("submit", (event) => void leaveFirst(event));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-show]"))) button.hidden = false;
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("[data-leave]"))) void offerLeaving(form);
for (const job of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-job]"))) watchJob(job);
for (const waiting of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-door]"))) waitAtDoor(waiting.dataset["door"] ?? "");

/** A form that came back begins where something is wrong with it, not at the top of a long page. */
function leadToWrong() {
  const field = document.querySelector("main [aria-invalid='true']");
  if (field instanceof HTMLElement) return field.focus();
  document.querySelector("main .field-error")?.scrollIntoView({ block: "center" });
}

/** @param {MouseEvent} event */
function press({ target }) {
  const button = target instanceof Element ? target.closest("[data-copy], [data-print], [data-show]") : null;
  if (!(button instanceof HTMLElement)) return;
  if (button.dataset["show"]) return showTyped(button, button.dataset["show"]);
  if (button.dataset["print"] !== undefined) return print();
  void copy(button.dataset["copy"] ?? "").then((copied) => toast(copied ? t("Copied.") : t("This browser does not let the page copy. Select the text and copy it by hand.")));
}

/** Whoever sees what they type makes fewer mistakes. @param {HTMLElement} button @param {string} id */
function showTyped(button, id) {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLInputElement)) return;
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

/** @param {string} words @returns {Promise<boolean>} */
async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyOldWay(words);
  }
}

/** On plain http there is no clipboard to write to, only a selection to copy. @param {string} words */
function copyOldWay(words) {
  const before = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: words, readOnly: true, className: "visually-hidden" });
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}

/**
 * Asks until the facilitator has decided, less often while the server does not answer.
 * @param {string} url
 */
function waitAtDoor(url) {
  let pause_ms = ASK_DOOR_MS;
  let timer = 0;
  const ask = async () => {
    clearTimeout(timer);
    const state = await doorState(url);
    if (state === "admitted" || state === "refused" || state === "gone") return location.reload();
    pause_ms = state ? ASK_DOOR_MS : Math.min(ASK_DOOR_AT_MOST_MS, pause_ms * 2);
    // A little apart, so that a queue does not ask in step.
    timer = setTimeout(ask, pause_ms * (0.75 + Math.random() / 2));
  };
  timer = setTimeout(ask, ASK_DOOR_MS);
}

/** Tells how far something is that the server makes, until it is over: then the page says so. @param {HTMLElement} job */
function watchJob(job) {
  const ask = async () => {
    try {
      const response = await fetch(job.dataset["job"] ?? "", { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
      if (response.status === 404) return location.reload();
      const { state, step, doing } = await response.json();
      if (state !== "working") return location.reload();
      const [words, bar] = [job.querySelector("[data-job-doing]"), job.querySelector("progress")];
      // Told again only when it is something else: a status is read aloud.
      if (words && words.textContent !== doing) words.textContent = doing;
      if (bar) bar.value = step;
    } catch {
      // The server does not answer: what it makes may well go on.
    }
    setTimeout(ask, ASK_JOB_MS);
  };
  setTimeout(ask, ASK_JOB_MS);
}

/** @param {string} url @returns {Promise<string>} "" when the server could not be asked */
async function doorState(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
    // The ticket is spent or unknown: the page itself says so when it is loaded.
    if (response.status === 404) return "gone";
    return response.ok ? String((await response.json()).state ?? "") : "";
  } catch {
    return "";
  }
}

/** Forms that the person has agreed to. @type {WeakSet<HTMLFormElement>} */
const agreed = new WeakSet();

/** @param {SubmitEvent} event */
async function confirmFirst(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset["confirm"] === undefined || agreed.delete(form)) return;
  event.preventDefault();
  const button = submitterOf(event, form);
  const title = button?.textContent?.trim() || t("Are you sure?");
  const answer = await openDialog({
    title,
    body: form.dataset["confirm"],
    actions: [
      { label: t("Go back"), value: "" },
      { label: title, value: "yes", kind: "button-danger" },
    ],
  });
  if (answer === "yes") send(form, button);
}

/** Phones of 2020 do not say which button it was. @param {SubmitEvent} event @param {HTMLFormElement} form */
function submitterOf({ submitter }, form) {
  const found = submitter ?? document.activeElement;
  return found instanceof HTMLButtonElement && found.form === form ? found : form.querySelector("button");
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
function send(form, button) {
  agreed.add(form);
  if (typeof form.requestSubmit === "function") return form.requestSubmit(button);
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  form.submit();
}
