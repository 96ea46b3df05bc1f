// The stock JavaScript client, as a stranger would use it: `node stock_client.mjs URL COOKIE SEAT BOARD TRANSPORTS`.
// Follows the board by docs/protocol.md and prints what it was sent, one line of JSON for each frame, until its input ends.
import { io } from "socket.io-client";

const [url, cookie, seat, board, transports] = process.argv.slice(2);
const socket = io(url, { auth: { seat }, transports: transports.split(","), extraHeaders: { Cookie: cookie, Origin: url } });
const say = (event, data) => console.log(JSON.stringify([event, data]));

socket.on("connect", () => socket.emit("hello", { board, head: -1, generation: 0, protocol: 1 }));
socket.on("connect_error", (error) => say("error", error.message));
socket.onAny(say);
socket.io.engine.on("upgrade", (transport) => say("upgrade", transport.name));
setInterval(() => socket.emit("clock", {}, (answer) => say("clock", answer)), 200);
process.stdin.on("end", () => process.exit()).resume();
