import assert from "node:assert/strict";
import { test } from "node:test";
import { isOneTables } from "../../app/static/js/core/among.js";

const SCOPE = { T1: ["F01", "F02"], T2: ["F02", "F03"] };

test("a factor of one table alone tells that its authors sit there", () => {
  assert.equal(isOneTables(SCOPE, "T1", "F01"), true);
});

test("a factor that two tables share, or all, tells nothing", () => {
  assert.equal(isOneTables(SCOPE, "T1", "F02"), false);
  assert.equal(isOneTables(null, "T1", "F01"), false);
});

test("who has no table, or writes elsewhere, is told nothing of a table", () => {
  assert.equal(isOneTables(SCOPE, null, "F01"), false);
  assert.equal(isOneTables(SCOPE, "T2", "F01"), false);
});
