/** Icons of the sprite that base.html carries; the words beside an icon, or the button's aria-label, say what it means. */
import { html } from "lit-html";

/**
 * One symbol of templates/icons.svg, hidden from screen readers.
 * @param {string} name
 */
export function icon(name) {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href="#${name}"></use></svg>`;
}
