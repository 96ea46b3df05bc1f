// Check the kit, in browsers: the administrator's page waits for the run and compares clocks, a phone measures its network, the
// projector's machine says how large it is. What any of it means is judged by the server. Stands beside dist/page.js, which has
// lit-html; a second one on the page is refused by its policy, so this draws by hand.

import { t } from "./core/i18n.js";
import { page } from "./core/page.js";

/** @typedef {{check: string, light: "green" | "amber" | "red", title: string, text: string, todo: string}} Found */
/** @typedef {{now_ms: number, state: string, step: string, done: number, steps: number, found: Found[]}} State */

const ASK_MS = 1000;
const QUESTIONS = 12;
const PIECES = 4;
const SOCKET_MS = 8000;

const runPlace = document.querySelector("[data-run]");
const phonePlace = document.querySelector("[data-phone]");
const size = document.querySelector("form[data-size]");

if (runPlace instanceof HTMLElement) void follow(runPlace);
if (phonePlace instanceof HTMLElement) void measure(phonePlace);
if (size instanceof HTMLFormElement) tellSize(size);

/** @param {string} name */
function url(name) {
  return page.urls[name] ?? "";
}

/** @param {string} address @param {unknown} [body] @returns {Promise<any>} */
async function ask(address, body) {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": page.csrf } };
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", ...sent });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

/** @param {string} tag @param {string} className @param {...(Node | string)} inside @returns {HTMLElement} */
function element(tag, className, ...inside) {
  const made = Object.assign(document.createElement(tag), { className });
  made.append(...inside);
  return made;
}

/** @param {string} name a symbol of the page's sprite */
function icon(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg?.setAttribute("class", "icon");
  svg?.setAttribute("aria-hidden", "true");
  use?.setAttribute("href", `#${name}`);
  svg?.append(use ?? "");
  return svg ?? "";
}

/** One finding, as templates/pages/lights.html draws it too. @param {Found} found */
function row({ light, title, text, todo }) {
  const [picture, word] = { green: ["check", t("good")], amber: ["info", t("fair")], red: ["warning", t("BAD")] }[light];
  const said = element("p", "", element("strong", "", title), " ", element("span", "light-word", word ?? ""), element("br", ""), text);
  if (todo) said.append(element("br", ""), element("span", "light-todo", todo));
  return element("li", `light light-${light}`, icon(picture ?? ""), said);
}

// --- the administrator's page ---

/** @param {HTMLElement} place */
async function follow(place) {
  await compareClocks().catch(() => undefined);
  for (let was = place.dataset["run"]; ; ) {
    const state = /** @type {State | null} */ (await ask(url("state")).catch(() => null));
    if (state) {
      // What it found is written by the server, with what to do next.
      if (was === "running" && state.state !== "running") return location.reload();
      was = state.state;
      draw(place, state);
    }
    await new Promise((done) => setTimeout(done, ASK_MS));
  }
}

/** @param {HTMLElement} place @param {State} state */
function draw(place, { state, step, done, steps, found }) {
  const list = place.querySelector("[data-found]");
  const shown = JSON.stringify(found);
  if (list instanceof HTMLElement && list.dataset["found"] !== shown) {
    list.dataset["found"] = shown;
    list.replaceChildren(...found.map(row));
  }
  const progress = place.querySelector("progress");
  const words = place.querySelector("[data-step]");
  if (state !== "running" || !step || !progress || !words) return;
  progress.max = Math.max(1, steps);
  progress.value = done;
  words.textContent = t("Step %(n)s of %(steps)s: %(name)s", { n: Math.min(done + 1, steps), steps, name: step });
}

/** How far this browser's clock is from the server's: by the answer that came back fastest. */
async function compareClocks() {
  let fastest = { trip_ms: Infinity, apart_ms: 0 };
  for (let n = 0; n < 5; n += 1) {
    const began = performance.now();
    const { now_ms } = /** @type {State} */ (await ask(url("state")));
    const trip_ms = performance.now() - began;
    if (trip_ms < fastest.trip_ms) fastest = { trip_ms, apart_ms: Date.now() - trip_ms / 2 - now_ms };
  }
  await ask(url("measured"), { apart_ms: fastest.apart_ms });
}

// --- a phone ---

/** @param {HTMLElement} place */
async function measure(place) {
  const say = (/** @type {string} */ words) => {
    const now = element("p", "phone-now", words);
    now.setAttribute("role", "status");
    place.replaceChildren(now, element("progress", ""));
  };
  try {
    say(t("Asking the server %(n)s times…", { n: QUESTIONS }));
    const trips = await trips_ms();
    say(t("Loading as much as the board weighs, %(n)s times…", { n: PIECES }));
    const bytes_per_s = await speed();
    say(t("Opening a live connection…"));
    const has_socket = await opensSocket();
    const sorted = [...trips].sort((one, other) => one - other);
    const trip_ms = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const jitter_ms = (sorted[Math.floor(sorted.length * 0.9)] ?? 0) - (sorted[0] ?? 0);
    const { found } = /** @type {State} */ (await ask(url("measured"), { trip_ms, jitter_ms, bytes_per_s, has_socket }));
    const hint = element("p", "hint", t("It stands on the administrator’s page, too. Go to another corner of the room and measure again."));
    place.replaceChildren(element("ul", "lights", ...found.map(row)), hint, again(place));
  } catch {
    const words = t("The network broke off while measuring. Come nearer to the access point and measure again.");
    const notice = element("p", "notice notice-danger", icon("wifi-off"), element("span", "", words));
    notice.setAttribute("role", "alert");
    place.replaceChildren(notice, again(place));
  }
}

/** @param {HTMLElement} place */
function again(place) {
  const button = Object.assign(element("button", "button button-primary button-wide", t("Measure again")), { type: "button" });
  button.addEventListener("click", () => void measure(place));
  return button;
}

async function trips_ms() {
  const trips = [];
  for (let n = 0; n <= QUESTIONS; n += 1) {
    const began = performance.now();
    await ask("/health");
    // The first one also opens the connection.
    if (n) trips.push(performance.now() - began);
  }
  return trips;
}

/** @returns {Promise<number>} bytes in a second */
async function speed() {
  const began = performance.now();
  let bytes = 0;
  for (let n = 0; n < PIECES; n += 1) {
    const answer = await fetch(url("piece"), { cache: "no-store" });
    bytes += (await answer.arrayBuffer()).byteLength;
  }
  return (bytes / Math.max(1, performance.now() - began)) * 1000;
}

/** Whether the network lets a websocket through as far as the server's first word. @returns {Promise<boolean>} */
function opensSocket() {
  return new Promise((done) => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`);
    const end = (/** @type {boolean} */ opened) => {
      clearTimeout(timer);
      socket.onclose = socket.onerror = socket.onmessage = null;
      socket.close();
      done(opened);
    };
    const timer = setTimeout(end, SOCKET_MS, false);
    socket.onmessage = ({ data }) => end(String(data).startsWith("0"));
    socket.onclose = socket.onerror = () => end(false);
  });
}

// --- the projector's machine ---

/** The size of the picture goes with what the person says of it. @param {HTMLFormElement} form */
function tellSize(form) {
  const tell = () => {
    for (const [name, value] of Object.entries({ width: innerWidth, height: innerHeight })) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = String(Math.round(value));
    }
    const words = document.querySelector("[data-size-words]");
    if (words) words.textContent = `${innerWidth} × ${innerHeight}`;
  };
  addEventListener("resize", tell);
  tell();
}
