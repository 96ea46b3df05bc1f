import assert from "node:assert/strict";
import { test } from "node:test";
import { best, close, mostDivergent, quickWins } from "../../app/static/js/views/console/targets.js";

/** @param {string} target @param {number} rank @param {number} total @param {object} [more] */
const row = (target, rank, total, more = {}) => ({ target, factor: "F01", bucket: "F01", rank, total, ...more });
const tally = (...rows) => ({ rows });

test("the first places take a tie at the cut whole, and nothing that got nothing", () => {
  const counted = tally(row("a", 1, 9), row("b", 2, 5), row("c", 3, 4), row("d", 3, 4), row("e", 5, 0));
  assert.deepEqual(best(counted, 3), ["a", "b", "c", "d"]);
  assert.deepEqual(best(counted, 9), ["a", "b", "c", "d"]);
});

test("the first places are those of each list", () => {
  const counted = tally(row("a", 1, 9), row("b", 2, 5), { ...row("c", 1, 3), bucket: "F02" });
  assert.deepEqual(best(counted, 1), ["a", "c"]);
});

test("those that differ most are as many as asked, and more only for a tie", () => {
  const counted = tally(row("a", 1, 9, { divergence: 21 }), row("b", 2, 5, { divergence: 30.5 }), row("c", 3, 4, { divergence: 21 }), row("d", 4, 1, { divergence: null }), row("e", 5, 1, { divergence: 2 }));
  assert.deepEqual(mostDivergent(counted, 1), ["b"]);
  assert.deepEqual(mostDivergent(counted, 2), ["b", "a", "c"]);
  assert.deepEqual(mostDivergent(tally(row("a", 1, 9, { divergence: null })), 4), []);
});

test("a close call is what one point could turn around the cut", () => {
  const counted = tally(row("a", 1, 9), row("b", 2, 5), row("c", 3, 4), row("d", 4, 2));
  assert.deepEqual(close(counted, 2).sort(), ["b", "c"]);
  assert.deepEqual(close(counted, 3), []);
});

test("quick wins are those the tally names", () => {
  assert.deepEqual(quickWins(tally(row("a", 1, 9, { quadrant: "quick_win" }), row("b", 2, 5, { quadrant: "not_now" }))), ["a"]);
});
