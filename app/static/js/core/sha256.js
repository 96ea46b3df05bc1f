/** SHA-256 (FIPS 180-4), because a page on plain http has no WebCrypto. For short inputs; tested with the standard's vectors. */

import { toHex } from "./ids.js";

const PRIMES = firstPrimes(64);
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/** @param {number} count */
function firstPrimes(count) {
  /** @type {number[]} */
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime)) found.push(n);
  return found;
}

/** The first 32 bits of the fractional part. @param {number} root */
function fraction(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

/** @param {number} word @param {number} bits */
const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));

/** @param {Uint8Array} message */
function padded(message) {
  const blocks = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  blocks.set(message);
  blocks[message.length] = 0x80;
  new DataView(blocks.buffer).setUint32(blocks.length - 4, message.length * 8);
  return new DataView(blocks.buffer);
}

/** @param {DataView} blocks @param {number} at */
function schedule(blocks, at) {
  const words = Array.from({ length: 16 }, (_, n) => blocks.getInt32(at + 4 * n));
  for (let n = 16; n < 64; n += 1) {
    const early = words[n - 15] ?? 0;
    const late = words[n - 2] ?? 0;
    const mixed = (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
    words.push(((words[n - 16] ?? 0) + (words[n - 7] ?? 0) + mixed) | 0);
  }
  return words;
}

/**
 * @param {Uint8Array} message
 * @returns {string} 64 lower-case hexadecimal digits
 */
export function sha256(message) {
  const blocks = padded(message);
  const state = [...START];
  for (let at = 0; at < blocks.byteLength; at += 64) {
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    schedule(blocks, at).forEach((word, n) => {
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (ROUND[n] ?? 0) + word;
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    });
    [a, b, c, d, e, f, g, h].forEach((value, n) => (state[n] = ((state[n] ?? 0) + value) | 0));
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((value, n) => digest.setInt32(4 * n, value));
  return toHex(new Uint8Array(digest.buffer));
}
