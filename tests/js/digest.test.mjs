import assert from "node:assert/strict";
import { test } from "node:test";
import { fnv1a, mark } from "../../app/static/js/core/digest.js";

test("FNV-1a gives the published values", () => {
  assert.equal(fnv1a(""), 0x811c9dc5);
  assert.equal(fnv1a("a"), 0xe40c292c);
  assert.equal(fnv1a("foobar"), 0xbf9cf968);
});

test("a record's mark is the hash of table, id and revision; no record has none", () => {
  assert.equal(mark("cards", { id: "c1", rev: 3 }), fnv1a("cards/c1:3"));
  assert.equal(mark("cards", undefined), 0);
});
