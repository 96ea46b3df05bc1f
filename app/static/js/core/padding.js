/** Frames of few sizes: who watches the network sees that somebody sent something, and not how long the text was. */

import { PAD_BYTES } from "../contract.js";

/**
 * The frame with a `pad`, so that its JSON fills whole steps.
 * @template {object} T
 * @param {T} frame
 * @returns {T & {pad: string}}
 */
export function padded(frame) {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...frame, pad: "" })).length;
  return { ...frame, pad: ".".repeat((PAD_BYTES - (bytes % PAD_BYTES)) % PAD_BYTES) };
}
