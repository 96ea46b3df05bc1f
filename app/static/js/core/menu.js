/** Menus that open by themselves (`details.menu`): one at a time, and closed by Escape, or by going elsewhere. */

const open = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu[open]"));

/** @param {Event} event */
function leave({ target }) {
  for (const menu of open()) if (target instanceof Node && !menu.contains(target)) menu.open = false;
}

/** @param {KeyboardEvent} event */
function escape({ key }) {
  if (key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
}

export function startMenus() {
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("keydown", escape);
}
