// The console's keys: Space pauses and resumes, + adds a minute, ? tells. Off while typing, and a switch turns them off.

import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { rounds } from "../../core/records.js";
import { currentRound, isLive } from "../../core/rounds.js";
import { undoLast } from "../../core/toast.js";
import { addRound } from "./agenda-edit.js";
import { ask } from "./ask.js";
import { isWaiting } from "./commands.js";
import { say } from "./everybody.js";
import { recall, remember } from "./remember.js";
import { run } from "./run.js";
import { chosenRound } from "./state.js";

/** @import {Round} from "../../core/records.js" */

const STORED = "palabre-console-keys";

/** @returns {() => void} stops listening */
export function listen() {
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.repeat || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (isUndo(event)) return void (undoLast() && event.preventDefault());
  if (event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
  const act = actionOf(event, currentRound(rounds.value));
  if (!act) return;
  event.preventDefault();
  void act();
}

/** @param {KeyboardEvent} event @param {Round | undefined} round */
function actionOf(event, round) {
  if (event.key === "?") return showHelp;
  if (event.key === "n" && !isControl(event.target)) return () => addRound(chosenRound.value);
  if (event.key === "m" && !isControl(event.target)) return say;
  if (!round || isWaiting(round)) return undefined;
  if (event.key === "+" && isLive(round)) return () => run("extend1", round);
  // Space belongs to the button, tick or link that has the focus.
  if (event.key !== " " || isControl(event.target)) return undefined;
  if (round.state === "running") return () => run("pause", round);
  return round.state === "paused" ? () => run("resume", round) : undefined;
}

/** @param {KeyboardEvent} event */
const isUndo = (event) => (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** @param {EventTarget | null} target */
const isControl = (target) => target instanceof Element && Boolean(target.closest("button, a, input, summary"));

const isOff = () => recall(STORED) === "off";

/** @param {Event} event */
const setKeys = (event) => remember(STORED, /** @type {HTMLInputElement} */ (event.target).checked ? "on" : "off");

export function showHelp() {
  return ask({
    title: t("Keyboard"),
    body: html`
      <dl class="keys">
        <dt><kbd>${t("Space")}</kbd></dt><dd>${t("Pause the clock, or let it run again")}</dd>
        <dt><kbd>+</kbd></dt><dd>${t("One more minute")}</dd>
        <dt><kbd>N</kbd></dt><dd>${t("A new round after the one on the stage")}</dd>
        <dt><kbd>M</kbd></dt><dd>${t("A message to all")}</dd>
        <dt><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd></dt><dd>${t("Move the round that has the focus in the agenda")}</dd>
        <dt><kbd>Ctrl</kbd> <kbd>Z</kbd></dt><dd>${t("Undo the last command that can be undone")}</dd>
        <dt><kbd>?</kbd></dt><dd>${t("This help")}</dd>
      </dl>
      <p>${t("Keys do nothing while you type. While a button has the focus, Space presses it.")}</p>
      <label class="check"><input type="checkbox" .checked=${!isOff()} @change=${setKeys} /> ${t("Use these keys")}</label>`,
    yes: t("Close"),
    value: () => true,
  });
}
