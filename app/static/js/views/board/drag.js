/** Dragging a card onto a group, with mouse, pen or finger. A finger holds a quarter of a second first, so that scrolling still works. */

const HOLD_MS = 250;
const SLACK_PX = 8;
const EDGE_PX = 64;
const SPEED_PX = 12;

/** @typedef {{card: HTMLElement, ghost: HTMLElement | null, x: number, y: number, startX: number, startY: number, timer: number, place: Element | null}} Drag */

/**
 * Cards carry data-drag, places data-drop; buttons and fields inside a card keep their own gestures.
 * @param {HTMLElement} root
 * @param {() => boolean} isOn
 * @param {(card: string, place: string) => void} drop
 */
export function startDragging(root, isOn, drop) {
  /** @type {Drag | null} */
  let drag = null;

  root.addEventListener("pointerdown", (event) => {
    const target = /** @type {Element} */ (event.target);
    const card = /** @type {HTMLElement | null} */ (target.closest("[data-drag]"));
    if (drag || !card || event.button !== 0 || !isOn() || target.closest("button, input, textarea, a, summary")) return;
    const { clientX: x, clientY: y } = event;
    drag = { card, ghost: null, x, y, startX: x, startY: y, timer: event.pointerType === "mouse" ? 0 : setTimeout(lift, HOLD_MS), place: null };
    addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel", "keydown", "blur"]) addEventListener(end, finish);
  });
  // Once a card is lifted the page must not scroll away under the finger, nor open its menu.
  root.addEventListener("touchmove", (event) => drag?.ghost && event.cancelable && event.preventDefault(), { passive: false });
  root.addEventListener("contextmenu", (event) => drag && event.preventDefault());

  function lift() {
    if (!drag) return;
    const { width } = drag.card.getBoundingClientRect();
    drag.ghost = /** @type {HTMLElement} */ (drag.card.cloneNode(true));
    drag.ghost.classList.add("card-ghost");
    drag.ghost.removeAttribute("data-id");
    drag.ghost.setAttribute("aria-hidden", "true");
    drag.ghost.style.inlineSize = `${width}px`;
    drag.card.classList.add("card-dragged");
    document.body.append(drag.ghost);
    paint();
  }

  /** @param {PointerEvent} event */
  function follow(event) {
    if (!drag) return;
    [drag.x, drag.y] = [event.clientX, event.clientY];
    const far = Math.hypot(drag.x - drag.startX, drag.y - drag.startY) > SLACK_PX;
    if (!drag.ghost && far) {
      if (event.pointerType !== "mouse") return finish();
      lift();
    }
    if (drag.ghost) paint();
  }

  function paint() {
    if (!drag?.ghost) return;
    drag.ghost.style.transform = `translate(${drag.x - 24}px, ${drag.y - 24}px)`;
    const place = document.elementFromPoint(drag.x, drag.y)?.closest("[data-drop]") ?? null;
    if (place !== drag.place) {
      drag.place?.classList.remove("drop-here");
      place?.classList.add("drop-here");
      drag.place = place;
    }
    if (drag.y < EDGE_PX) scrollBy(0, -SPEED_PX);
    if (drag.y > innerHeight - EDGE_PX) scrollBy(0, SPEED_PX);
  }

  /** @param {Event} [event] */
  function finish(event) {
    if (!drag || (event instanceof KeyboardEvent && event.key !== "Escape")) return;
    const { card, ghost, place, timer } = drag;
    drag = null;
    clearTimeout(timer);
    removeEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel", "keydown", "blur"]) removeEventListener(end, finish);
    ghost?.remove();
    card.classList.remove("card-dragged");
    place?.classList.remove("drop-here");
    if (ghost && place && event?.type === "pointerup") drop(card.dataset["drag"] ?? "", place.getAttribute("data-drop") ?? "");
  }
}
