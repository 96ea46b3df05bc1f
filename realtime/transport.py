"""Our websocket and our fan-out: no deflate context per client, bounded fragments, and one frame whose bytes go to everybody.

A small extension point of the stock libraries, in plain Socket.IO 4: a websocket class for python-engineio's driver table,
and a client manager. Whoever cannot be written to at once (polling, upgrading, a slow or busy socket, real threads) is served by
the stock queue (bounded: `backlog.py`); `PALABRE_FANOUT=stock` serves everybody so. The websocket is ours on every engine.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import socketio
from engineio import packet as eio_packet

from realtime import engine

# From the handshake to the first message: an upgrade that is never proved is over.
FIRST_WORD_S = 15
# The server's ping and the browser's time to answer it.
SILENCE_S = 45
YIELD_EVERY = 256
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_READ_BYTES = 16 * 1024


class Refused(Exception):
    """The peer broke the protocol or a bound; the connection ends with this close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def framed(opcode: int, payload: bytes) -> bytes:
    """One unfragmented frame from the server. Source: RFC 6455, 5.2."""
    length = len(payload)
    if length < 126:
        return struct.pack("!BB", 0x80 | opcode, length) + payload
    if length < 65536:
        return struct.pack("!BBH", 0x80 | opcode, 126, length) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, length) + payload


def unmasked(payload: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask, as one large integer: byte by byte costs thirty times as much."""
    length = len(payload)
    repeated = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")


class Framed(str):
    """An encoded packet that carries its websocket frame, so that it is built once for all viewers."""

    wire: bytes


def framed_text(text: str) -> Framed:
    made = Framed(text)
    made.wire = framed(_TEXT, text.encode())
    return made


class WebSocket:
    """A server's end of a websocket over a plain socket of the engine. Shape: what python-engineio asks of one."""

    def __init__(self, sock: Any, most_bytes: int) -> None:
        self._plain, self._most_bytes = sock, most_bytes
        sock.settimeout(FIRST_WORD_S)
        self._buffer = bytearray()
        self._lock = threading.Lock()
        self._closed = False

    # --- sending ---

    def send(self, message: str | bytes) -> None:
        if isinstance(message, Framed):
            self._write(message.wire)
        elif isinstance(message, str):
            self._write(framed(_TEXT, message.encode()))
        else:
            self._write(framed(_BINARY, message))

    def _write(self, wire: bytes) -> None:
        with self._lock:
            self._plain.sendall(wire)

    def try_send(self, wire: bytes) -> bool:
        """Write without waiting, if nobody else is writing. False: nothing was sent, use the queue."""
        if self._closed or not self._lock.acquire(blocking=False):
            return False
        try:
            sent = engine.send_now(self._plain, wire)
        except OSError:
            self._lock.release()
            return False
        if sent == len(wire):
            self._lock.release()
            return True
        if sent == 0:
            self._lock.release()
            return False
        # Torn: the lock stays held until the rest is out, so that nothing comes between.
        engine.spawn(self._drain, wire[sent:])
        return True

    def _drain(self, rest: bytes) -> None:
        try:
            self._plain.sendall(rest)
        except OSError:
            self._closed = True
        finally:
            self._lock.release()

    # --- receiving ---

    def wait(self) -> str | bytes | None:
        """The next whole message, or None when the peer has gone. The sum of fragments is bounded, not each of them."""
        try:
            message = self._message()
            if message is not None and not is_packet(message):
                raise Refused(1003)
            self._plain.settimeout(SILENCE_S)
        except Refused as refused:
            self._finish(refused.code)
        except (OSError, UnicodeDecodeError):
            self._closed = True
        else:
            return message
        return None

    def _message(self) -> str | bytes | None:
        parts: list[bytes] = []
        kind = 0
        while True:
            final, opcode, payload = self._frame(self._most_bytes - sum(map(len, parts)))
            if opcode == _CLOSE:
                self._finish(1000)
                return None
            if opcode == _PING:
                self._write(framed(_PONG, payload))
            elif opcode in (_TEXT, _BINARY, 0):
                if bool(opcode) == bool(parts or kind):
                    raise Refused(1002)
                kind = opcode or kind
                parts.append(payload)
                if final:
                    whole = b"".join(parts)
                    return whole.decode() if kind == _TEXT else whole
            elif opcode != _PONG:
                raise Refused(1002)

    def _frame(self, most_bytes: int) -> tuple[bool, int, bytes]:
        first, second = self._take(2)
        opcode, length = first & 0x0F, second & 0x7F
        if first & 0x70 or not second & 0x80:
            raise Refused(1002)  # reserved bits (no extension was agreed on), or an unmasked frame
        if opcode >= 8 and (length > 125 or not first & 0x80):
            raise Refused(1002)
        if length == 126:
            (length,) = struct.unpack("!H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._take(8))
        if length > most_bytes:
            raise Refused(1009)
        mask = self._take(4)
        return bool(first & 0x80), opcode, unmasked(self._take(length), mask)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            more = self._plain.recv(_READ_BYTES)
            if not more:
                raise OSError("the peer has gone")
            self._buffer += more
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    # --- ending ---

    def _finish(self, code: int) -> None:
        if not self._closed:
            self._closed = True
            with suppress(OSError):
                self._write(framed(_CLOSE, struct.pack("!H", code)))

    def close(self) -> None:
        self._finish(1000)
        engine.shut(self._plain)

    def abort(self) -> None:
        """End it without a word: whoever does not read would keep us waiting for room to say it."""
        self._closed = True
        engine.shut(self._plain)


def is_packet(message: str | bytes) -> bool:
    """Whether a message begins as an Engine.IO packet does; the library stumbles over anything else, and over bytes."""
    return isinstance(message, str) and message[:1] in tuple("0123456")


def websocket_class(most_bytes: int) -> type:
    """The class for python-engineio's driver table: a WSGI application that upgrades and hands a `WebSocket` over."""

    class Upgrade:
        def __init__(self, handler: Callable[[WebSocket], Any], server: Any) -> None:
            self._handler = handler

        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
            if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not key:
                start_response("400 Bad Request", [("Sec-WebSocket-Version", "13")])
                return [b""]
            accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
            sock = engine.upgrade_socket(environ)
            # No extension is agreed on: permessage-deflate keeps a context per client, 180 KB and most of the time of a delivery.
            sock.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            websocket = WebSocket(sock, most_bytes)
            owner = self._handler.__self__  # type: ignore[attr-defined]
            owner.direct = websocket
            try:
                self._handler(websocket)
            except ValueError:
                pass  # it ended, or spoke nonsense, before the upgrade was proved
            finally:
                websocket.close()
            return engine.upgraded(environ)

    return Upgrade


class BoardManager(socketio.Manager):
    """Sends an event without a callback as one frame to every idle websocket of a room; the others take the stock way."""

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, **options: Any) -> None:
        to = options.get("to") or room
        if options.get("callback") or options.get("skip_sid") or isinstance(data, tuple | bytes):
            super().emit(event, data, namespace, room=room, **options)
            return
        encoded = self.server.packet_class(2, namespace=namespace, data=[event, data]).encode()
        if namespace not in self.rooms or not isinstance(encoded, str):
            super().emit(event, data, namespace, room=room, **options)
            return
        packet = eio_packet.Packet(eio_packet.MESSAGE, encoded)
        framed_packet = framed_text(packet.encode())
        packet.encode_cache = framed_packet
        sockets = self.server.eio.sockets
        for count, (_, eio_sid) in enumerate(list(self.get_participants(namespace, to)), 1):
            if not _sent(sockets.get(eio_sid), framed_packet.wire):
                self.server._send_eio_packet(eio_sid, packet)
            if count % YIELD_EVERY == 0:
                self.server.sleep(0)


def _sent(socket: Any, wire: bytes) -> bool:
    """Write to an idle websocket at once. Idle: upgraded, open, nothing queued, nobody writing."""
    websocket = getattr(socket, "direct", None)
    if websocket is None or not socket.upgraded or socket.closed or not socket.queue.empty():
        return False
    sent: bool = websocket.try_send(wire)
    return sent
