"""A server's end of a websocket without a task of its own: the event loop calls when there is something to read, or room to write.

Bounded in what it takes (the sum of fragments, what a compressed message unpacks to) and in what waits to be written. Compression
is agreed on without a context: nothing is kept for a client, and a message to many is compressed once for all of them.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from realtime.backlog import MOST_BYTES, MOST_PACKETS
from realtime.frames import BINARY, CLOSE, COMPRESSED, PING, PONG, TEXT, Refused, framed, inflated, unmasked

Message = str | bytes

LINGER_S = 5
NORMAL = 1000
_READ_BYTES = 16 * 1024


class Line(Protocol):
    """A connection that calls back (`engine.Line`)."""

    def send(self, data: bytes | memoryview, /) -> int: ...

    def receive(self, count: int, /) -> bytes: ...

    def on_readable(self, act: Callable[[], None] | None) -> None: ...

    def on_writable(self, act: Callable[[], None] | None) -> None: ...

    def later(self, seconds: float, act: Callable[[], None]) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...


class WebSocket:
    """One connection. `hear` gets each whole message, and None once when the connection has ended."""

    __slots__ = (
        "_backlog",
        "_closing",
        "_hear",
        "_kind",
        "_line",
        "_most_bytes",
        "_packed",
        "_parts",
        "_rest",
        "_waiting_bytes",
        "closed",
        "deflates",
    )

    def __init__(
        self, line: Line, most_bytes: int, deflates: bool, hear: Callable[[Message | None], None]
    ) -> None:
        self._line, self._most_bytes, self._hear = line, most_bytes, hear
        self.deflates, self.closed, self._closing = deflates, False, False
        self._rest = b""
        self._parts: list[bytes] | None = None
        self._kind, self._packed = 0, False
        self._backlog: deque[bytes | memoryview] | None = None
        self._waiting_bytes = 0

    # --- sending ---

    def send(self, message: Message) -> None:
        if isinstance(message, str):
            self.write(framed(TEXT, message.encode()))
        else:
            self.write(framed(BINARY, message))

    def write(self, wire: bytes) -> None:
        """Send a frame: at once when nothing waits and the kernel takes it, else in its turn."""
        if self._backlog is not None or self._closing:
            self._keep(wire)
            return
        try:
            sent = self._line.send(wire)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.abort()
            return
        if sent != len(wire):
            self._keep(memoryview(wire)[sent:])

    def _keep(self, wire: bytes | memoryview) -> None:
        if self._closing:
            return
        if self._backlog is None:
            # On its way: however large it is, it is not counted.
            self._backlog, self._waiting_bytes = deque([wire]), 0
            self._line.on_writable(self.writable)
            return
        self._backlog.append(wire)
        self._waiting_bytes += len(wire)
        if len(self._backlog) > MOST_PACKETS or self._waiting_bytes > MOST_BYTES:
            self.abort()

    def writable(self) -> None:
        """The kernel takes something again."""
        while self._backlog:
            first = self._backlog[0]
            try:
                sent = self._line.send(first)
            except BlockingIOError:
                return
            except OSError:
                self.abort()
                return
            if sent < len(first):
                self._backlog[0] = memoryview(first)[sent:]
                return
            self._backlog.popleft()
            self._waiting_bytes -= len(self._backlog[0]) if self._backlog else 0
        self._backlog = None
        self._line.on_writable(None)
        if self._closing:
            self._line.finish()

    # --- receiving ---

    def readable(self) -> None:
        """Something has come: hand over every message that is whole."""
        try:
            data = self._line.receive(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.abort()
            return
        if self._closing:
            return
        try:
            self._rest = self._read(self._rest + data)
        except Refused as refused:
            self.close(refused.code)
        except UnicodeDecodeError:
            self.close(1007)

    def pause(self) -> None:
        """Read no further: the peer must wait."""
        self._line.on_readable(None)

    def resume(self) -> None:
        if not self.closed:
            self._line.on_readable(self.readable)

    def _read(self, data: bytes) -> bytes:
        """Hand over the frames that are whole; returns what is left. The sum of fragments is bounded, not each of them."""
        at, size = 0, len(data)
        while size - at >= 2 and not self._closing:
            first, length, start = data[at], data[at + 1] & 0x7F, at + 2
            self._check(first, data[at + 1])
            if length == 126:
                length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif length == 127:
                length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if start > size:
                break
            if length > self._most_bytes - sum(map(len, self._parts or ())):
                raise Refused(1009)
            end = start + 4 + length
            if end > size:
                break
            self._frame(first, unmasked(data[start + 4 : end], data[start : start + 4]))
            at = end
        return data[at:]

    def _check(self, first: int, second: int) -> None:
        opcode, bits = first & 0x0F, first & 0x70
        begins = opcode in (TEXT, BINARY)
        if not second & 0x80 or (bits and not (bits == COMPRESSED and self.deflates and begins)):
            raise Refused(1002)  # not masked, or bits that nobody agreed on
        if opcode >= CLOSE and (second & 0x7F > 125 or not first & 0x80):
            raise Refused(1002)

    def _frame(self, first: int, payload: bytes) -> None:
        opcode = first & 0x0F
        if opcode == CLOSE:
            self.close()
        elif opcode == PING:
            self.write(framed(PONG, payload))
        elif opcode in (TEXT, BINARY, 0):
            self._part(opcode, bool(first & COMPRESSED), payload, final=bool(first & 0x80))
        elif opcode != PONG:
            raise Refused(1002)

    def _part(self, opcode: int, packed: bool, payload: bytes, *, final: bool) -> None:
        if bool(opcode) != (self._parts is None):
            raise Refused(1002)  # a message within a message, or the rest of none
        if opcode:
            self._kind, self._packed, self._parts = opcode, packed, []
        assert self._parts is not None
        self._parts.append(payload)
        if final:
            whole, self._parts = b"".join(self._parts), None
            if self._packed:
                whole = inflated(whole, self._most_bytes)
            self._hear(whole.decode() if self._kind == TEXT else whole)

    # --- ending ---

    def close(self, code: int = NORMAL) -> None:
        """Say goodbye after what is on its way, and hang up when the peer has, or does not in good time."""
        if self._closing or self.closed:
            return
        self.write(framed(CLOSE, struct.pack("!H", code)))
        if code != NORMAL:
            self.abort()  # whoever breaks the rules is not waited for
        elif not self.closed:
            self._closing = True
            self._line.on_readable(self.readable)
            if self._backlog is None:
                self._line.finish()
            self._line.later(LINGER_S, self.abort)

    def abort(self) -> None:
        """The connection is over, whoever ended it; without a word: whoever does not read would keep us waiting to say it."""
        if not self.closed:
            self.closed = self._closing = True
            self._backlog, self._rest, self._parts = None, b"", None
            with suppress(OSError):
                self._line.close()
            self._hear(None)
