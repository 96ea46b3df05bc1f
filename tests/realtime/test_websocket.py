"""Our end of a websocket, without a network: what it takes, what it refuses, and what it does with a client that does not read."""

from __future__ import annotations

import gc
import os
import struct
import sys
import tracemalloc
import zlib
from typing import Any

import pytest

from realtime.backlog import MOST_BYTES, MOST_PACKETS
from realtime.fanout import BoardManager
from realtime.frames import Text, framed
from realtime.transport import Peer
from realtime.websocket import WebSocket

MOST = 1000


class Line:
    """A connection whose kernel takes `room` bytes and whose peer says what the test wants."""

    def __init__(self, room: int = 1 << 30) -> None:
        self.room, self.sent, self.incoming = room, b"", b""
        self.finished = self.closed = False
        self.listens: dict[str, Any] = {}

    def send(self, data: bytes) -> int:
        if not self.room:
            raise BlockingIOError
        taken = bytes(data)[: self.room]
        self.sent += taken
        self.room -= len(taken)
        return len(taken)

    def receive(self, count: int) -> bytes:
        taken, self.incoming = self.incoming[:count], self.incoming[count:]
        return taken

    def on_readable(self, act: Any) -> None:
        self.listens["read"] = act

    def on_writable(self, act: Any) -> None:
        self.listens["write"] = act

    def later(self, seconds: float, act: Any) -> None: ...

    def finish(self) -> None:
        self.finished = True

    def close(self) -> None:
        self.closed = True


def connection(deflates: bool = False, room: int = 1 << 30) -> tuple[Line, WebSocket, list[Any]]:
    line, heard = Line(room), []
    return line, WebSocket(line, MOST, deflates, heard.append), heard  # type: ignore[arg-type]


def masked(payload: bytes, first: int = 0x81) -> bytes:
    mask = os.urandom(4)
    body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return bytes([first]) + size + mask + body


def packed(text: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


def say(line: Line, websocket: WebSocket, data: bytes, piece: int = 1 << 20) -> None:
    for at in range(0, len(data), piece):
        line.incoming = data[at : at + piece]
        websocket.readable()


def closed_with(line: Line) -> int:
    assert line.sent[:2] == b"\x88\x02"
    return struct.unpack("!H", line.sent[2:4])[0]


@pytest.mark.parametrize("piece", [1, 3, 1 << 20])
def test_messages_are_whole_however_they_are_cut_on_the_way(piece: int) -> None:
    line, websocket, heard = connection()
    parts = masked("é".encode(), 0x01) + masked(b"", 0x89) + masked(b"!", 0x80)
    say(line, websocket, masked(b"a" * 300) + parts, piece)
    assert heard == ["a" * 300, "é!"]
    assert line.sent == framed(10, b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (framed(1, b"not masked"), 1002),
        (masked(b"a" * (MOST + 1)), 1009),
        (masked(b"a" * MOST, 0x01) + masked(b"a", 0x80), 1009),
        (masked(b"rest of none", 0x80), 1002),
        (masked(b"a", 0x01) + masked(b"b", 0x81), 1002),
        (masked(b"packed", 0xC1), 1002),
        (masked(b"", 0x09), 1002),
        (masked(b"\xff"), 1007),
    ],
)
def test_what_breaks_the_protocol_or_a_bound_ends_the_connection(data: bytes, code: int) -> None:
    line, websocket, heard = connection()
    say(line, websocket, data)
    assert closed_with(line) == code and line.closed and heard == [None]
    websocket.send("afterwards")
    assert len(line.sent) == 4 and heard == [None]


def test_a_client_that_says_goodbye_is_answered_and_hangs_up_first() -> None:
    line, websocket, heard = connection()
    say(line, websocket, masked(b"", 0x88) + masked(b"afterwards"))
    assert closed_with(line) == 1000 and line.finished and not line.closed and heard == []
    websocket.readable()
    assert line.closed and heard == [None]


def test_a_packed_message_is_unpacked_and_a_bomb_is_not() -> None:
    line, websocket, heard = connection(deflates=True)
    say(line, websocket, masked(packed(b"x" * MOST), 0xC1))
    assert heard == ["x" * MOST]
    say(line, websocket, masked(packed(b"x" * 200_000), 0xC1))
    assert closed_with(line) == 1009


def test_a_message_to_many_is_packed_once_and_small_ones_not_at_all() -> None:
    text = Text("Publier les délais à chaque guichet. ".encode() * 20)
    assert text.packed is text.packed and len(text.packed) < len(text.plain) / 3
    assert zlib.decompressobj(-15).decompress(text.packed[2:] + b"\x00\x00\xff\xff") == text.text
    assert Text(b"42[]").packed == Text(b"42[]").plain


def test_what_a_slow_client_has_not_taken_keeps_its_order() -> None:
    line, websocket, _ = connection(room=5)
    for word in ("one", "two", "three"):
        websocket.send(word)
    while line.listens.get("write"):
        line.room = 4
        websocket.writable()
    assert line.sent == b"".join(framed(1, word) for word in (b"one", b"two", b"three"))


def test_a_goodbye_goes_out_after_what_waited() -> None:
    line, websocket, heard = connection(room=1)
    websocket.send("goodbye")
    websocket.close()
    assert not line.finished
    line.room = 100
    websocket.writable()
    assert line.sent == framed(1, b"goodbye") + framed(8, b"\x03\xe8") and line.finished
    websocket.readable()
    assert line.closed and heard == [None]


def test_who_does_not_read_is_cut() -> None:
    line, websocket, heard = connection(room=0)
    for _ in range(MOST_PACKETS):
        websocket.send("news")
    assert not line.closed
    websocket.send("news")
    assert line.closed and heard == [None]
    websocket.send("afterwards")


def test_s20_of_what_is_sent_to_who_does_not_read_no_more_is_held_than_the_bound() -> None:
    """A hundred megabytes to ten of them: memory stays flat."""
    peers = [connection(room=0)[1] for _ in range(10)]
    tracemalloc.start()
    try:
        for n in range(1000):
            for peer in peers:
                peer.send(f"{n}" + "x" * 10_000)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < len(peers) * (MOST_BYTES + 100_000)
    assert all(peer._line.closed for peer in peers)  # type: ignore[attr-defined]


# --- the fan-out ---


class Socket:
    connected = upgraded = upgrading = closed = False
    queue: Any


class Server:
    """As much of a Socket.IO server as a manager needs to send."""

    def __init__(self, clients: int) -> None:
        self.eio = self
        self.sockets: dict[str, Any] = {}
        self.manager = BoardManager()
        self.manager.server = self
        for number in range(clients):
            socket = self.sockets[f"e{number}"] = Socket()
            socket.queue = Peer(socket, Line(), MOST, deflates=bool(number % 2))  # type: ignore[arg-type]
            self.manager.basic_enter_room(f"s{number}", "/", None, eio_sid=f"e{number}")
            self.manager.basic_enter_room(f"s{number}", "/", "board")

    def sleep(self, seconds: float) -> None: ...


def test_a_delivery_costs_next_to_no_python() -> None:
    """A ceiling no machine moves: the stock path makes 64 calls for each delivery."""
    server, calls = Server(clients=200), 0

    def count(frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_filename != __file__

    data = {"from": 1, "to": 2, "changes": ["x" * 200]}
    sys.setprofile(count)
    try:
        server.manager.emit("changes", data, "/", room="board")
    finally:
        sys.setprofile(None)
    assert all(socket.queue.websocket._line.sent for socket in server.sockets.values())
    assert calls <= 200 * 1.2


def test_leaving_does_not_look_into_every_room() -> None:
    def calls_of_leaving(clients: int) -> int:
        server, calls = Server(clients), 0

        def count(*happened: Any) -> None:
            nonlocal calls
            calls += 1

        gc.disable()  # a collection in between would be counted, too
        sys.setprofile(count)
        try:
            server.manager.basic_disconnect("s7", "/")
        finally:
            sys.setprofile(None)
            gc.enable()
        return calls

    assert calls_of_leaving(10) == calls_of_leaving(1000)
