/** What a desk types for a line of a paper ballot, and what it is on a ballot. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf, linesOf, readingOf } from "../../app/static/js/views/desk/readings.js";

/** @param {string} method @param {string} typed @param {string} [words] */
const read = (method, typed, words) => readingOf(/** @type {any} */ ({ method }), typed, words);

test("an empty line is no answer, whatever the method", () => {
  for (const method of ["points", "approval", "rank", "score_1_5", "criteria_1_5", "consent"]) assert.equal(read(method, " "), undefined);
});

test("numbers are numbers, ticks are ticks", () => {
  assert.equal(read("points:round", "3"), 3);
  assert.equal(read("hundred", "0"), 0);
  assert.equal(read("rank", "2"), 2);
  assert.equal(read("choose", "x"), true);
  for (const typed of ["-1", "1.5", "a", "12345"]) assert.equal(read("points", typed), null);
});

test("a score is one of five, and several criteria are one sign each", () => {
  assert.equal(read("score_1_5", "5"), 5);
  assert.equal(read("score_1_5", "6"), null);
  assert.deepEqual(read("criteria_1_5:impact+feasibility", "4-"), { impact: 4 });
  assert.deepEqual(read("criteria_1_5:impact+feasibility", "4 2"), { impact: 4, feasibility: 2 });
  assert.equal(read("criteria_1_5:impact+feasibility", "--"), undefined);
  for (const typed of ["4", "456", "40"]) assert.equal(read("criteria_1_5:impact+feasibility", typed), null);
});

test("consent is one of three, and a reserve has its words when there are any", () => {
  assert.equal(read("consent", "1"), "agree");
  assert.equal(read("consent", "2"), "reserve");
  assert.deepEqual(read("consent", "2", "Sous condition"), { reserve: "Sous condition" });
  assert.equal(read("consent", "3", "left over"), "opposed");
  assert.equal(read("consent", "4"), null);
});

test("every method has a form, and a line keeps its number on a table's shorter sheet", () => {
  assert.deepEqual(["points:round", "hundred", "quadratic", "approval", "choose", "rank", "score_1_5", "criteria_1_5", "consent"].map((method) => formOf({ method })), ["number", "number", "number", "tick", "tick", "order", "scale", "scale", "scale"]);
  const ballot = [{ id: "a", factor: "F01" }, { id: "b", factor: "F02" }, { id: "c", factor: "" }];
  assert.deepEqual(linesOf(/** @type {any} */ ({ ballot }), ["F02"]).map(({ target, code }) => [target.id, code]), [["b", 2], ["c", 3]]);
});
