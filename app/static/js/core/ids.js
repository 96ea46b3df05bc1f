/** Ids and secrets from the browser's good random source, which plain http has too. */

/** @param {number} count how many random bytes */
function randomHex(count) {
  return toHex(crypto.getRandomValues(new Uint8Array(count)));
}

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} hex */
export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** An operation's id: 128 bits, minted once, kept before the first send. */
export const mintId = () => randomHex(16);

/** The edit secret of a sealed text: 256 bits that never leave this browser before the text is edited. */
export const mintSecret = () => randomHex(32);
