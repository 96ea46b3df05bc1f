/** The time that a round has left, by the server's clock. */

import { serverNow } from "./clock.js";

/**
 * @param {{state: string, ends_at_ms: number | null, left_ms: number | null, extra?: Record<string, number>}} round
 * @param {string | null} [table] whose time it is: a table may have longer than the room
 * @returns {number | null} milliseconds, negative past the end; null when no clock runs
 */
export function remaining(round, table = null) {
  const longer = (table && round.extra?.[table]) || 0;
  if (round.state === "paused") return (round.left_ms ?? 0) + longer;
  if (round.state !== "running" || round.ends_at_ms === null) return null;
  return round.ends_at_ms + longer - serverNow();
}

/** @param {number} left_ms @returns {string} 4:05, or 1:04:05 */
export function format(left_ms) {
  const seconds = Math.max(0, Math.ceil(left_ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, n) => (n ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** @param {number | null} left_ms @returns {"running" | "soon" | "last" | "over"} */
export function urgency(left_ms) {
  if (left_ms === null || left_ms > 60_000) return "running";
  if (left_ms <= 0) return "over";
  return left_ms <= 10_000 ? "last" : "soon";
}
