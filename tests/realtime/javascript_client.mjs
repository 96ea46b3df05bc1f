// The stock JavaScript client against a real server: says hello, sends operations, and prints what it was told.
// node javascript_client.mjs '{"base", "cookie", "seat", "board", "transports", "texts"}'
import { io } from "socket.io-client";

const how = JSON.parse(process.argv[2]);
const socket = io(how.base, {
  transports: how.transports,
  auth: { seat: how.seat },
  // Node sends neither by itself; a browser sends both.
  extraHeaders: { Cookie: how.cookie, Origin: how.base },
  reconnection: false,
});
const told = { heads: [], answers: {}, transport: "", clock: 0 };
socket.on("connect_error", (error) => {
  console.error(String(error));
  process.exit(1);
});
socket.on("connect", () => socket.emit("hello", { board: how.board, head: -1, generation: 0, protocol: 1 }));
socket.on("welcome", () => {
  for (const op of how.ops) socket.emit("submit", { ops: [op] });
  socket.emit("clock", {}, ({ now }) => (told.clock = now));
});
socket.on("changes", ({ from, to }) => told.heads.push([from, to]));
socket.on("answers", ({ results }) => {
  for (const { id, seq, code } of results) told.answers[id] = seq ?? code;
});
const done = () => Object.keys(told.answers).length === how.ops.length && told.clock && told.heads.at(-1)?.[1] >= Math.max(...Object.values(told.answers));
const started = Date.now();
const watch = setInterval(() => {
  if (!done() && Date.now() - started < 20_000) return;
  clearInterval(watch);
  told.transport = socket.io.engine.transport.name;
  console.log(JSON.stringify(told));
  socket.close();
}, 20);
