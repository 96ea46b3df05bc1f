/** What the server wrote into the page: who sits here, which board, which language, where the other pages are. */

/**
 * @typedef {object} Page
 * @property {string} handle
 * @property {string} board
 * @property {string} role
 * @property {"fr" | "en"} lang
 * @property {string} csrf
 * @property {{mark: string, name: Record<string, string>, table: string | null}[]} desk the seats for which this person may enter cards
 * @property {number} crowd how many simulated people sit on this practice board; for the console
 * @property {boolean} pin whether this seat has one
 * @property {number} [peers] how many participants sit at this person's table
 * @property {boolean} shared whether several people use this browser
 * @property {{code: string, url: string, qr: string}} join
 * @property {Record<string, string>} urls
 * @property {Record<string, string | string[]>} strings
 */

const EMPTY = { handle: "", board: "", role: "observer", lang: "fr", csrf: "", desk: [], crowd: 0, pin: false, shared: false, join: { code: "", url: "", qr: "" }, urls: {}, strings: {} };

/** @returns {Page} */
function read() {
  const element = typeof document === "undefined" ? null : document.getElementById("page");
  return { ...EMPTY, ...JSON.parse(element?.textContent || "{}") };
}

export const page = read();
