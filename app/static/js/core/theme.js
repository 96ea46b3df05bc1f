/** Light or dark: what the person chose, in a cookie that base.html reads; without one, what the device prefers. */

/** @typedef {"light" | "dark"} Theme */

const YEAR_S = 365 * 24 * 3600;

/** @returns {Theme} what the page shows now */
export function theme() {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** @param {Theme} chosen */
function setTheme(chosen) {
  document.documentElement.dataset["theme"] = chosen;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${chosen}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

/** Shows the masthead's switch, which does nothing without scripts, and lets it work. */
export function startTheme() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-theme-switch]"))) {
    button.addEventListener("click", () => setTheme(theme() === "dark" ? "light" : "dark"));
    button.hidden = false;
  }
}
