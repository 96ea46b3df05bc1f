// A plain Socket.IO 4 relay on Node that keeps nothing: what most boards are built on. `node relay.mjs PORT`
import { Server } from "socket.io";

const io = new Server(Number(process.argv[2]));
io.on("connection", (socket) => {
  socket.join("board");
  socket.on("op", (operation) => io.to("board").emit("op", operation));
});
