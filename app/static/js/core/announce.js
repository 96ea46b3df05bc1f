/** What a screen reader says: results and warnings soon, incoming things counted and said every ten seconds at most. */

const SOON_MS = 150;
const BATCH_MS = 10_000;
const SAME_MS = 3000;

/** @type {string[]} */
let waiting = [];
let lastWords = "";
let lastAt = -Infinity;

/**
 * Says a sentence in the page's polite live region.
 * @param {string} sentence
 */
export function announce(sentence) {
  const repeated = sentence === lastWords && performance.now() - lastAt < SAME_MS;
  if (!sentence || repeated || waiting.includes(sentence)) return;
  if (!waiting.length) setTimeout(speak, SOON_MS);
  waiting.push(sentence);
}

function speak() {
  const region = document.getElementById("status");
  const words = waiting.join(" ");
  [lastWords, lastAt, waiting] = [waiting[waiting.length - 1] ?? "", performance.now(), []];
  // The same words again are a change only if something differs.
  if (region) region.textContent = region.textContent === words ? `${words}\u00a0` : words;
}

/** @type {Map<string, {n: number, words: (n: number) => string}>} */
const counted = new Map();
let batch = false;

/**
 * Adds to what is said at the next tenth second: "5 new actions in factor 3".
 * @param {string} topic
 * @param {number} n
 * @param {(n: number) => string} words
 */
export function announceCount(topic, n, words) {
  counted.set(topic, { n: (counted.get(topic)?.n ?? 0) + n, words });
  if (batch) return;
  batch = true;
  setTimeout(sayCounts, SOON_MS);
}

function sayCounts() {
  if (!counted.size) {
    batch = false;
    return;
  }
  announce([...counted.values()].map(({ n, words }) => words(n)).join(" "));
  counted.clear();
  setTimeout(sayCounts, BATCH_MS);
}
