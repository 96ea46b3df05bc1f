import assert from "node:assert/strict";
import { test } from "node:test";
import { spread } from "../../app/static/js/views/results/matrix-layout.js";

const SIZE = 400;
const APART = 28;

/** @param {{x: number, y: number}[]} points */
function nearest(points) {
  const away = points.flatMap((one, n) => points.slice(n + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)));
  return Math.min(...away);
}

test("thirty actions with the same means do not lie on one another and stay on the map", () => {
  for (const [x, y] of [[200, 200], [0, 0], [400, 0], [395, 398]]) {
    const placed = spread(Array.from({ length: 30 }, () => ({ x, y })), APART, SIZE);
    assert.ok(nearest(placed) > APART - 1, `${nearest(placed)}`);
    for (const point of placed) for (const at of [point.x, point.y]) assert.ok(at >= APART / 2 - 0.1 && at <= SIZE - APART / 2 + 0.1);
  }
});

test("marks that do not touch stay where their means are", () => {
  const placed = spread([{ x: 50, y: 60 }, { x: 300, y: 310 }], APART, SIZE);
  for (const [n, [x, y]] of [[50, 60], [300, 310]].entries()) assert.ok(Math.hypot(placed[n].x - x, placed[n].y - y) < 0.1);
});

test("the same means give the same map each time", () => {
  const points = [{ x: 100, y: 100 }, { x: 100, y: 100 }, { x: 110, y: 95 }];
  assert.deepEqual(spread(points, APART, SIZE), spread(points, APART, SIZE));
});
