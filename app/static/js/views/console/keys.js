// The console's keys: Space pauses and resumes, + adds a minute, ? tells. Off while typing, and a switch turns them off.

import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { rounds } from "../../core/records.js";
import { currentRound } from "../../core/rounds.js";
import { undoLast } from "../../core/toast.js";
import { ask } from "./ask.js";
import { run } from "./run.js";

const STORED = "palabre-console-keys";

/** @returns {() => void} stops listening */
export function listen() {
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (isUndo(event) && !isTaken(event.target) && undoLast()) return event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTaken(event.target) || isOff()) return;
  if (document.querySelector("dialog[open]")) return;
  const round = currentRound(rounds.value);
  if (event.key === "?") void showHelp();
  else if (event.key === "+" && round) void run("extend1", round);
  else if (event.key === " " && round?.state === "running") void run("pause", round);
  else if (event.key === " " && round?.state === "paused") void run("resume", round);
  else return;
  event.preventDefault();
}

/** @param {KeyboardEvent} event */
const isUndo = (event) => (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";

/** Space belongs to the button, field or disclosure that has the focus. @param {EventTarget | null} target */
const isTaken = (target) => target instanceof Element && Boolean(target.closest("input, textarea, select, button, a, summary, [contenteditable]"));

const isOff = () => localStorage.getItem(STORED) === "off";

/** @param {Event} event */
const setKeys = (event) => localStorage.setItem(STORED, /** @type {HTMLInputElement} */ (event.target).checked ? "on" : "off");

export function showHelp() {
  return ask({
    title: t("Keyboard"),
    body: html`
      <dl class="keys">
        <dt><kbd>${t("Space")}</kbd></dt><dd>${t("Pause the clock, or let it run again")}</dd>
        <dt><kbd>+</kbd></dt><dd>${t("One more minute")}</dd>
        <dt><kbd>Ctrl</kbd> <kbd>Z</kbd></dt><dd>${t("Undo the last command that can be undone")}</dd>
        <dt><kbd>?</kbd></dt><dd>${t("This help")}</dd>
      </dl>
      <p>${t("Keys do nothing while you type or while a button has the focus.")}</p>
      <label class="check"><input type="checkbox" .checked=${!isOff()} @change=${setKeys} /> ${t("Use these keys")}</label>`,
    yes: t("Close"),
    value: () => true,
  });
}
