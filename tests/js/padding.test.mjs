import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_BYTES, PAD_BYTES } from "../../app/static/js/contract.js";
import { padded } from "../../app/static/js/core/padding.js";

const size = (/** @type {object} */ frame) => new TextEncoder().encode(JSON.stringify(frame)).length;
const frame = (/** @type {string} */ text) => ({ board: "b".repeat(32), ops: [{ id: "0".repeat(32), kind: "card.post", payload: { text } }] });

test("N02: frames of any text fill whole steps, and every ordinary card the same one", () => {
  const sizes = new Set();
  for (let length = 0; length <= 280; length += 7) {
    for (const letter of ["a", "é", '"', "字"]) {
      const sent = padded(frame(letter.repeat(length)));
      assert.equal(size(sent) % PAD_BYTES, 0);
      if (letter !== "字") sizes.add(size(sent));
    }
  }
  assert.deepEqual([...sizes], [PAD_BYTES]);
});

test("the fullest frame that an outbox makes stays within the limit", () => {
  const full = frame("a".repeat(MOST_BYTES - 1024 - size(frame(""))));
  assert.equal(size(padded(full)), MOST_BYTES);
  assert.deepEqual(padded(full).ops, full.ops);
});
