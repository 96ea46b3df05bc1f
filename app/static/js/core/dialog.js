/** One dialog at a time asks one thing; its answer is the value of the button that was pressed, "" for none. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { icon } from "./icon.js";
import { t } from "./i18n.js";

/** @typedef {{label: string, value: string, kind?: string}} Action */

let counter = 0;

/**
 * @param {object} options
 * @param {string} options.title
 * @param {unknown | ((close: (value?: string) => void) => unknown)} options.body a template, or a function drawn again when a signal it read changes
 * @param {Action[]} [options.actions]
 * @param {boolean} [options.wide]
 * @returns {Promise<string>}
 */
export function openDialog({ title, body, actions = [], wide = false }) {
  const before = document.activeElement;
  const dialog = document.createElement("dialog");
  const id = `dialog-${(counter += 1)}`;
  dialog.className = wide ? "dialog dialog-wide" : "dialog";
  dialog.setAttribute("aria-labelledby", id);
  const close = (value = "") => shut(dialog, value);
  const stop = effect(() => {
    render(view(id, title, typeof body === "function" ? body(close) : body, actions, close), dialog);
  });
  document.body.append(dialog);
  // Browsers without dialogs show it in the flow, at the end of the page.
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  /** @type {HTMLElement | null} */ (dialog.querySelector("[autofocus]"))?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      stop();
      dialog.remove();
      const back = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : document.querySelector("[data-focus-home], #main");
      if (back instanceof HTMLElement) back.focus({ preventScroll: true });
      resolve(dialog.returnValue ?? "");
    });
  });
}

/** @param {HTMLDialogElement} dialog @param {string} value */
function shut(dialog, value) {
  if (dialog.close) return dialog.close(value);
  dialog.returnValue = value;
  dialog.dispatchEvent(new Event("close"));
}

/** @param {string} id @param {string} title @param {unknown} body @param {Action[]} actions @param {(value?: string) => void} close */
function view(id, title, body, actions, close) {
  return html`
    <div class="dialog-head"><h2 id=${id}>${title}</h2>
      <button type="button" class="button button-quiet button-icon" aria-label=${t("Close")} @click=${() => close()}>${icon("close")}</button></div>
    <div class="dialog-body">${body}</div>
    ${actions.length
      ? html`<div class="dialog-foot">${actions.map(
          ({ label, value, kind = "" }) => html`<button type="button" class="button ${kind}" @click=${() => close(value)}>${label}</button>`,
        )}</div>`
      : nothing}`;
}
