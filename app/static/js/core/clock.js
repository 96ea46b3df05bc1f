/**
 * The server's time, from the smallest round trip seen. Runs on the monotonic clock: what the device believes the hour to be
 * plays no part.
 */

/** @type {{offset_ms: number, trip_ms: number}} */
let best = { offset_ms: Date.now() - performance.now(), trip_ms: Infinity };

/** Milliseconds, UTC, as the server counts them. */
export const serverNow = () => performance.now() + best.offset_ms;

/**
 * @param {number} now_ms what the server answered
 * @param {number} asked_ms performance.now() when it was asked
 */
export function learn(now_ms, asked_ms) {
  const trip_ms = performance.now() - asked_ms;
  if (trip_ms <= best.trip_ms) best = { offset_ms: now_ms + trip_ms / 2 - performance.now(), trip_ms };
}

/** The device slept, or the server changed: what was learnt is old, and the next answer counts whatever its trip. */
export function doubt() {
  best = { ...best, trip_ms: Infinity };
}
