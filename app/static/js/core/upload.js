/**
 * A form whose files are too large says so before it is sent: the server refuses it unread, so that nothing typed would come back,
 * and some browsers show no more of that than a broken connection.
 */

import { t } from "./i18n.js";

const MEGA = 1024 * 1024;
// What the rest of the form takes.
const ROOM = MEGA / 16;

/** After each choice of a file. @param {Event} event */
export function weigh({ target }) {
  if (!(target instanceof HTMLInputElement) || target.type !== "file" || !target.form?.dataset["most"]) return;
  const most = Number(target.form.dataset["most"]);
  const fields = /** @type {HTMLInputElement[]} */ ([...target.form.querySelectorAll("input[type=file]")]);
  const size = fields.flatMap((field) => [...(field.files ?? [])]).reduce((sum, file) => sum + file.size, 0);
  const words = size + ROOM > most ? t("This is too large: %(size)s MB, and at most %(most)s MB can be sent at once. Choose a smaller file; what you typed stays.", { size: Math.ceil(size / MEGA), most: most / MEGA }) : "";
  // Of several files, the one chosen last may be taken back; or, when that was just done, any other.
  const wrong = target.files?.length ? target : fields.find((field) => field.files?.length);
  for (const field of fields) say(field, field === wrong ? words : "");
}

/** @param {HTMLInputElement} field @param {string} words nothing: it is right */
function say(field, words) {
  field.setCustomValidity(words);
  document.getElementById(`${field.id}-size`)?.remove();
  field.removeAttribute("aria-invalid");
  if (!words) return;
  field.setAttribute("aria-invalid", "true");
  const said = Object.assign(document.createElement("p"), { id: `${field.id}-size`, className: "field-error", textContent: words });
  said.setAttribute("role", "alert");
  field.after(said);
}
