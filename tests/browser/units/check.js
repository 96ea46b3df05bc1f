/** The two assertions of the JavaScript unit tests: each exported function of a file here is one test, run in Chromium. */

/** @param {unknown} found @param {unknown} wanted */
export function equal(found, wanted) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left} is not ${right}`);
}

/** @param {unknown} claim @param {string} words */
export function holds(claim, words) {
  if (!claim) throw new Error(words);
}
