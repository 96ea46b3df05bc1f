// How much text fits on the wall: the place the scene has, measured; and the lines a text takes, in the wall's own type.

import { computed, signal } from "@preact/signals-core";

/** @import {Room} from "./pages.js" */

// In em of the wall's type, as the stylesheet has them: a line of a card, the gap between columns, a card's edge.
const LINE_EM = 1.3;
const GAP_EM = 1.2;
const EDGE_EM = 0.8;
const RANK_AND_POINTS_EM = 9;
const NARROW_EM = 46;
// A map is about as wide as it is high; beside it stand the number, the gap and the two means.
const MAP_WIDTH = 1.0;
const NUMBER_AND_MEANS_EM = 9;

const place = signal({ em: 24, family: "sans-serif", wide: 48, high: 15 });
const pen = document.createElement("canvas").getContext("2d");

/** Follows the place of the scene; what is in it never changes its size, so measuring cannot go round in circles. @param {HTMLElement} scene */
export function watchPlace(scene) {
  const measure = () => {
    const style = getComputedStyle(scene);
    const em = parseFloat(style.fontSize) || 24;
    const now = { em, family: style.fontFamily, wide: scene.clientWidth / em, high: scene.clientHeight / em };
    const was = place.peek();
    if (now.em !== was.em || now.wide !== was.wide || now.high !== was.high) place.value = now;
  };
  measure();
  new ResizeObserver(measure).observe(scene);
}

/** @type {import("@preact/signals-core").ReadonlySignal<Room>} */
export const room = computed(() => {
  const { em, family, wide, high } = place.value;
  const columns = wide < NARROW_EM ? 2 : 3;
  const width = (wide - GAP_EM * (columns - 1)) / columns - EDGE_EM;
  return {
    columns,
    lines: Math.max(4, high / LINE_EM),
    high,
    linesOf: (text, scale = 1) => wrapped(text, (width * em) / scale, `${scale > 1 ? 700 : 400} ${em}px ${family}`),
    labelLines: (text) => wrapped(text, (wide - RANK_AND_POINTS_EM) * em, `700 ${em}px ${family}`),
    keyLines: (text) => wrapped(text, (wide - high * MAP_WIDTH - NUMBER_AND_MEANS_EM) * em, `400 ${em}px ${family}`),
  };
});

/** Lines of a text broken between words. @param {string} text @param {number} width @param {string} font */
function wrapped(text, width, font) {
  if (!pen) return Math.ceil(text.length / 24);
  pen.font = font;
  const space = pen.measureText(" ").width;
  return text.split("\n").reduce((lines, paragraph) => {
    let used = 0;
    for (const word of paragraph.split(/\s+/)) {
      const wide = pen.measureText(word).width;
      if (used && used + space + wide > width) {
        lines += 1;
        used = 0;
      }
      lines += Math.max(0, Math.ceil(wide / width) - 1);
      used += (used ? space : 0) + (wide % width);
    }
    return lines + 1;
  }, 0);
}
