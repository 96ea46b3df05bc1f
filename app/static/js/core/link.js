/**
 * The road to the server: Socket.IO, websocket first, reconnecting after 0-2 s and then doubling to 30 s. Says how the road is;
 * knows no board and no operation.
 */

import { signal } from "@preact/signals-core";
import { io } from "socket.io-client";
import { doubt, learn } from "./clock.js";
import { page } from "./page.js";

const BANNER_AFTER_MS = 3000;
const SILENCE_MS = 12_000;
const CLOCK_MS = 60_000;
const CLOCK_BURST = 5;

/** `offline` only after three seconds: a page that wakes up does not flash. `waiting` counts operations without an answer. */
export const link = signal({ state: /** @type {"online" | "connecting" | "offline"} */ ("connecting"), since_ms: performance.now(), waiting: 0 });

/** Why the server ended this page's connection for good; "" while it did not. */
export const goodbye = signal("");

let heardAt = performance.now();
/** @type {import("socket.io-client").Socket | undefined} */
let socket;

/**
 * @param {Record<string, (frame: any) => void>} handlers by event of the server; `connected` and `lost` are the road's own
 */
export function connect(handlers) {
  socket = io({
    auth: { seat: page.handle },
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    // 1000 ms, give or take 100 %: the first try falls within 0-2 s.
    reconnectionDelay: 1000,
    randomizationFactor: 1,
    reconnectionDelayMax: 30_000,
  });
  socket.onAny(() => (heardAt = performance.now()));
  for (const [event, handle] of Object.entries(handlers)) socket.on(event, handle);
  socket.on("connect", () => {
    doubt();
    askTime(CLOCK_BURST);
    handlers["connected"]?.(null);
  });
  socket.on("disconnect", (reason) => {
    lost();
    handlers["lost"]?.(null);
    // The server closed it: unless it said goodbye for good, come back, not all at once.
    if (reason === "io server disconnect" && !goodbye.value) setTimeout(retryNow, Math.random() * 5000);
  });
  socket.on("connect_error", () => {
    lost();
    if (!socket?.active) goodbye.value ||= "removed";
  });
  setTimeout(noticeAbsence, BANNER_AFTER_MS);
  setInterval(() => askTime(1), CLOCK_MS);
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
}

/** @param {string} event @param {unknown} frame */
export function send(event, frame) {
  socket?.emit(event, frame);
}

/** Welcome has come: the board is live. */
export function online() {
  link.value = { ...link.value, state: "online", since_ms: performance.now() };
}

/** The person will not wait for the next try. */
export function retryNow() {
  socket?.disconnect();
  socket?.connect();
}

/** No further tries: the seat is elsewhere, or the page is about to be replaced. @param {string} reason */
export function end(reason) {
  goodbye.value = reason;
  socket?.disconnect();
}

function lost() {
  if (link.value.state !== "online") return;
  link.value = { ...link.value, state: "connecting", since_ms: performance.now() };
  setTimeout(noticeAbsence, BANNER_AFTER_MS);
}

function noticeAbsence() {
  if (link.value.state === "connecting" && performance.now() - link.value.since_ms >= BANNER_AFTER_MS - 50) link.value = { ...link.value, state: "offline" };
}

/** After sleep the socket may look alive and be dead. */
function wake() {
  if (goodbye.value) return;
  if (!socket?.connected || performance.now() - heardAt > SILENCE_MS) retryNow();
  else {
    doubt();
    askTime(CLOCK_BURST);
  }
}

/** @param {number} times */
function askTime(times) {
  if (!socket?.connected || times < 1) return;
  const asked_ms = performance.now();
  socket.timeout(10_000).emit("clock", {}, (/** @type {Error | null} */ error, /** @type {{now: number}} */ answer) => {
    if (error || !answer) return;
    learn(answer.now, asked_ms);
    askTime(times - 1);
  });
}
