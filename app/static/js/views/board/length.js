/** How long a text is, as the server counts: code points after normalisation. */

/** @param {string} text */
export const lengthOf = (text) => [...text.normalize("NFC").trim()].length;
