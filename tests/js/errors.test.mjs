import assert from "node:assert/strict";
import { test } from "node:test";
import { ERROR_CODES } from "../../app/static/js/contract.js";
import { sentence } from "../../app/static/js/core/errors.js";

test("every code of the closed list has a sentence of its own, also without data", () => {
  const said = ERROR_CODES.map((code) => sentence(code));
  assert.equal(new Set(said).size, ERROR_CODES.length);
  for (const words of said) assert.match(words, /^[A-Z“].*[.]$/u);
  for (const words of said) assert.doesNotMatch(words, /%\(|undefined|null|NaN/);
});

test("a code that this page does not know is our mistake, and says so", () => {
  assert.equal(sentence("made_up"), sentence("internal"));
});
