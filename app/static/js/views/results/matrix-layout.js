// Where the numbered marks of a matrix stand: at their means, moved apart just enough that no two lie on one another. Pure.

/** @typedef {{x: number, y: number}} Point */

const STEPS = 1000;
// About the golden angle, in radians: no two directions are alike.
const TURN = 2.4;

/**
 * The same points, none nearer to another than `apart`, all within 0 to `size`; those that never touched stay where they are.
 * The same points are spread the same way each time.
 * @param {readonly Point[]} points
 * @param {number} apart
 * @param {number} size
 * @returns {Point[]}
 */
export function spread(points, apart, size) {
  const inside = (/** @type {number} */ value) => Math.min(size - apart / 2, Math.max(apart / 2, value));
  const placed = points.map(({ x, y }) => ({ x: inside(x), y: inside(y) }));
  for (let step = 0; step < STEPS; step += 1) {
    let moved = false;
    placed.forEach((one, n) => placed.slice(n + 1).forEach((other, m) => (moved = part(one, other, apart, n + m) || moved)));
    for (const point of placed) [point.x, point.y] = [inside(point.x), inside(point.y)];
    if (!moved) break;
  }
  return placed;
}

/** Pushes two points apart; says whether they were too near. @param {Point} one @param {Point} other @param {number} apart @param {number} turn for two that lie on one another */
function part(one, other, apart, turn) {
  const away = Math.hypot(other.x - one.x, other.y - one.y);
  const push = ((apart - away) / 2) * 1.02;
  if (push <= 0.01) return false;
  const [x, y] = away < 0.01 ? [Math.cos(turn * TURN), Math.sin(turn * TURN)] : [(other.x - one.x) / away, (other.y - one.y) / away];
  one.x -= x * push;
  one.y -= y * push;
  other.x += x * push;
  other.y += y * push;
  return true;
}
