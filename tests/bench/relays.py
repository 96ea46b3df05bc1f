"""Two relays on eventlet that keep nothing: stock Flask-SocketIO, and the floor, a bare websocket that sends a ready frame.

`python -m tests.bench.relays stock|floor PORT`; a process each. Nothing of ours may be in them but the framing.
"""

from __future__ import annotations

import base64
import hashlib
import socket as plain
import sys

import eventlet

eventlet.monkey_patch()

from realtime.frames import framed, unmasked  # noqa: E402

TEXT, CLOSE = 1, 8
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def stock(port: int) -> None:
    """As the documentation of Flask-SocketIO shows it."""
    from flask import Flask
    from flask_socketio import SocketIO, emit, join_room

    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="eventlet")

    @socketio.on("connect")
    def connect(auth=None):
        join_room("board")

    @socketio.on("op")
    def relay(operation):
        emit("op", operation, room="board")

    socketio.run(app, host="127.0.0.1", port=port)


class Floor:
    """Frames an operation once and writes the same bytes to everybody: the least that a fan-out in Python can cost."""

    def __init__(self) -> None:
        self._sockets: set = set()

    def serve(self, port: int) -> None:
        eventlet.serve(
            eventlet.listen(("127.0.0.1", port), backlog=2048), lambda sock, _: self._talk(sock), 20_000
        )

    def _talk(self, sock) -> None:
        reader = sock.makefile("rb")
        key = _key(reader)
        if not key:
            return
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        sock.setsockopt(plain.IPPROTO_TCP, plain.TCP_NODELAY, 1)
        sock.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._sockets.add(sock)
        try:
            while message := _message(reader):
                self._relay(framed(TEXT, message))
        except OSError:
            pass
        finally:
            self._sockets.discard(sock)

    def _relay(self, frame: bytes) -> None:
        for sock in list(self._sockets):
            try:
                sent = sock.fd.send(frame)
            except BlockingIOError:
                sent = 0
            except OSError:
                continue
            if sent < len(frame):
                sock.sendall(frame[sent:])


def _key(reader) -> bytes:
    """The key of a request for an upgrade; nothing when the caller only knocked."""
    key = b""
    while (line := reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        key = value.strip() if name.lower() == b"sec-websocket-key" else key
    return key


def _message(reader) -> bytes | None:
    """The payload of the next frame, which is always a short text; None at the end."""
    head = reader.read(2)
    if len(head) < 2 or head[0] & 15 == CLOSE:
        return None
    length = head[1] & 127
    if length == 126:
        length = int.from_bytes(reader.read(2), "big")
    mask = reader.read(4)
    return unmasked(reader.read(length), mask)


if __name__ == "__main__":
    {"stock": stock, "floor": Floor().serve}[sys.argv[1]](int(sys.argv[2]))
