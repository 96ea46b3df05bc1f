import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256 } from "../../app/static/js/core/sha256.js";

const bytes = (text) => new TextEncoder().encode(text);

test("SHA-256 gives the values that FIPS 180-4 publishes", () => {
  assert.equal(sha256(bytes("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(sha256(bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(
    sha256(bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

test("SHA-256 agrees with Node's at every length around the block's edges", () => {
  for (let length = 0; length <= 200; length += 1) {
    const message = Uint8Array.from({ length }, (_, n) => (n * 37 + length) & 255);
    assert.equal(sha256(message), createHash("sha256").update(message).digest("hex"), `${length} bytes`);
  }
});
