// One question in a dialog, answered by a button. Everything the console asks goes through here.

import { openDialog } from "../../core/dialog.js";
import { t } from "../../core/i18n.js";

/**
 * @template T
 * @param {{title: string, body: unknown, yes: string, value: () => T, danger?: boolean, wide?: boolean}} question
 *   `body` is a template, or a function drawn again when a signal it read changes; `value` is read when the person agrees
 * @returns {Promise<T | null>} null when the person goes back
 */
export async function ask({ title, body, yes, value, danger = false, wide = false }) {
  const answer = await openDialog({
    title,
    body,
    wide,
    actions: [
      { label: t("Go back"), value: "" },
      { label: yes, value: "yes", kind: danger ? "button-danger" : "button-primary" },
    ],
  });
  return answer === "yes" ? value() : null;
}
