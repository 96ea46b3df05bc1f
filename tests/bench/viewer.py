"""One browser reduced to its websocket: offers permessage-deflate as every browser does, and speaks one of three dialects.

Knows frames and greetings; nothing of time and rates (that is `generator.py`).
"""

from __future__ import annotations

import json
import re
import secrets
import socket
import zlib
from dataclasses import dataclass
from typing import Any

READ_BYTES = 256 * 1024
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_TAIL = b"\x00\x00\xff\xff"  # RFC 7692, 7.2.2: taken off by the sender, put back before inflating


@dataclass(frozen=True, slots=True)
class Seat:
    """What opens one connection of ours. `speaks`: may post comments at any time."""

    handle: str
    cookie: str
    board: str
    speaks: bool


class Viewer:
    """A connection that is opened, greets, and then counts what it receives. `live` once it has seen the board."""

    def __init__(self, port: int, dialect: Floor, seat: Seat | None = None, head: int = -1) -> None:
        self.dialect, self.seat, self.head, self.generation = dialect, seat, head, 1
        self.live, self.fallen = False, ""
        self.bytes, self.frames, self.news, self.resets = 0, 0, 0, 0
        self.asked = False
        self._rest, self._inflater = b"", None
        self._mask = secrets.token_bytes(4)
        self._request = (
            f"GET {dialect.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            + (f"Cookie: {seat.cookie}\r\n" if seat else "")
            + "\r\n"
        ).encode()
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.connect_ex(("127.0.0.1", port))

    def ask(self) -> None:
        """The TCP connection is there: ask for the upgrade."""
        self.asked = True
        try:
            self.sock.send(self._request)
        except OSError as error:
            self.fallen = f"no connection: {error}"

    def say(self, text: bytes, opcode: int = TEXT) -> bool:
        """Send one masked frame; False when the kernel would not take it, because the server does not read."""
        length = len(text)
        size = bytes((0x80 | length,)) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
        repeated = (self._mask * (length // 4 + 1))[:length]
        masked = int.from_bytes(text, "big") ^ int.from_bytes(repeated, "big")
        frame = bytes((0x80 | opcode,)) + size + self._mask + masked.to_bytes(length, "big")
        try:
            return self.sock.send(frame) == len(frame)
        except OSError:
            return False

    def read(self) -> list[bytes]:
        """The texts that have arrived whole. Sets `fallen` when the connection ended."""
        try:
            data = self.sock.recv(READ_BYTES)
        except BlockingIOError:
            return []
        except OSError as error:
            data, self.fallen = b"", str(error)
        if not data:
            self.fallen = self.fallen or "closed by the server"
            return []
        self.bytes += len(data)
        if self._request:
            data = self._upgraded(self._rest + data)
        elif self._rest:
            data = self._rest + data
        return self._texts(data)

    def _upgraded(self, data: bytes) -> bytes:
        """What follows the answer to the upgrade, once that is complete."""
        answer, end, rest = data.partition(b"\r\n\r\n")
        self._rest = b""
        if not end:
            self._rest = data
            return b""
        self._request = b""
        if not answer.startswith(b"HTTP/1.1 101"):
            self.fallen = answer.partition(b"\r\n")[0].decode()
        if b"permessage-deflate" in answer:
            self._inflater = zlib.decompressobj(-15)
        self.dialect.hear(self, b"")
        return rest

    def _texts(self, data: bytes) -> list[bytes]:
        if self._request:
            return []
        texts, at, size = [], 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if start > size or start + length > size:
                break
            payload, opcode = data[start : start + length], data[at] & 15
            if data[at] & 0x40:
                payload = self._inflater.decompress(payload + _TAIL)
            if opcode == TEXT:
                texts.append(payload)
            elif opcode == PING:
                self.say(payload, PONG)
            elif opcode == CLOSE:
                self.fallen = "closed by the server"
            at = start + length
        self._rest = data[at:]
        self.frames += len(texts)
        return texts


class Floor:
    """Bare frames: live as soon as the upgrade is answered; an operation goes out as it came in."""

    name = "floor"
    path = "/"
    news = b'42["op"'

    def hear(self, viewer: Viewer, text: bytes) -> None:
        viewer.live = True

    def operation(self, operation: dict[str, Any]) -> bytes:
        return b'42["op",' + _json(operation) + b"]"

    def count(self, text: bytes) -> int:
        """How many operations a piece of news carries."""
        return 1


class Relay(Floor):
    """Socket.IO 4: greet, and be in the room."""

    name = "relay"
    path = "/socket.io/?EIO=4&transport=websocket"

    def hear(self, viewer: Viewer, text: bytes) -> None:
        if text.startswith(b"0"):
            viewer.say(b"40" + self.credentials(viewer))
        elif text.startswith(b"40"):
            self.greet(viewer)
        elif text == b"2":
            viewer.say(b"3")
        elif text.startswith((b"44", b"41", b"1")):
            viewer.fallen = text.decode()

    def credentials(self, viewer: Viewer) -> bytes:
        return b""

    def greet(self, viewer: Viewer) -> None:
        viewer.live = True


class Board(Relay):
    """Ours: docs/protocol.md."""

    name = "ours"
    news = b'42["changes"'
    _heads = re.compile(rb'"from":(-?\d+),"to":(\d+)')

    def credentials(self, viewer: Viewer) -> bytes:
        return _json({"seat": viewer.seat.handle})

    def greet(self, viewer: Viewer) -> None:
        known = {"head": viewer.head, "generation": viewer.generation, "protocol": 1}
        viewer.say(b'42["hello",' + _json({"board": viewer.seat.board, **known}) + b"]")

    def hear(self, viewer: Viewer, text: bytes) -> None:
        if text.startswith(b'42["welcome"'):
            welcome = json.loads(text[2:])[1]
            viewer.live = viewer.head == welcome["head"]
            viewer.head, viewer.generation = welcome["head"], welcome["generation"]
        elif text.startswith(self.news):
            viewer.news += 1
            viewer.resets += b'"reset":true' in text[:120]
            viewer.live = True
        elif text.startswith(b'42["goodbye"'):
            viewer.fallen = text.decode()
        else:
            super().hear(viewer, text)

    def operation(self, operation: dict[str, Any]) -> bytes:
        return b'42["submit",{"ops":[' + _json(operation) + b"]}]"

    def count(self, text: bytes) -> int:
        before, after = self._heads.search(text[:120]).groups()
        return int(after) - int(before)


def _json(value: dict[str, Any]) -> bytes:
    """As JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
