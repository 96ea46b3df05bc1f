// Where the numbered marks of a matrix stand: at their means, moved apart just enough that no two lie on one another. Pure.

/** @typedef {{x: number, y: number}} Point */

const STEPS = 200;

/**
 * The same points, none nearer to another than `apart`, all within 0 to `size`; those that never touched stay where they are.
 * Equal means the same way out each time: the marks are turned around their place by their number.
 * @param {readonly Point[]} points
 * @param {number} apart
 * @param {number} size
 * @returns {Point[]}
 */
export function spread(points, apart, size) {
  const placed = points.map(({ x, y }, n) => ({ x: x + Math.cos(n * 2.4) * 0.01, y: y + Math.sin(n * 2.4) * 0.01 }));
  const inside = (/** @type {number} */ value) => Math.min(size - apart / 2, Math.max(apart / 2, value));
  for (let step = 0; step < STEPS; step += 1) {
    let moved = false;
    placed.forEach((one, n) => {
      for (const other of placed.slice(n + 1)) {
        const [dx, dy] = [other.x - one.x, other.y - one.y];
        const away = Math.hypot(dx, dy) || 0.001;
        const push = (apart - away) / 2;
        if (push <= 0.01) continue;
        moved = true;
        one.x -= (dx / away) * push;
        one.y -= (dy / away) * push;
        other.x += (dx / away) * push;
        other.y += (dy / away) * push;
      }
    });
    for (const point of placed) [point.x, point.y] = [inside(point.x), inside(point.y)];
    if (!moved) break;
  }
  return placed;
}
