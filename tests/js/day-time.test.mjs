import assert from "node:assert/strict";
import { test } from "node:test";
import { later, readTime } from "../../app/static/js/views/console/day-time.js";

test("a time is read as people type it, always of 24 hours", () => {
  for (const typed of ["9:05", "09:05", "9h05", "9 h 05", "9.05", "905", "0905", " 09:05 "]) assert.equal(readTime(typed), "09:05");
  assert.equal(readTime("14"), "14:00");
  assert.equal(readTime("14h"), "14:00");
  assert.equal(readTime("00:00"), "00:00");
});

test("what is no time of a day is none", () => {
  for (const typed of ["", "24:00", "9:60", "9:5", "noon", "2:05 PM", "9:05:10"]) assert.equal(readTime(typed), "");
});

test("a round that follows begins where the one before ends, past midnight too", () => {
  assert.equal(later("09:05", 55), "10:00");
  assert.equal(later("23:50", 20), "00:10");
});
