"""python-engineio over our own websocket: no task for each client, no deflate context.

What we replace stands in its driver table (`eio._async`): the websocket class, and the tasks that only wait to send a ping. An
engine.io socket that has become a websocket gets a `Peer` for its queue: what the libraries put there is written at once.
`tests/realtime/test_libraries.py` holds every name of theirs that is touched here. `PALABRE_FANOUT=stock` touches none.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from engineio import exceptions, packet

from realtime import engine
from realtime.backlog import backlog_class
from realtime.frames import DEFLATE
from realtime.pings import Pings, task_class
from realtime.websocket import Message, WebSocket

logger = logging.getLogger("palabre.realtime")

# Messages that wait for their handler before we read no further from a client.
MOST_UNHEARD = 16
# From the handshake to the first message: an upgrade that is never proved is over.
FIRST_WORD_S = 12
# The server's ping and the browser's time to answer it.
SILENCE_S = 45
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """A client on a websocket: what comes in is handled in turn, what goes out goes at once. Shape: a queue, for the libraries."""

    __slots__ = ("_inbox", "_listen", "_socket", "_works", "websocket")

    def __init__(self, socket: Any, line: engine.Line, most_bytes: int, deflates: bool) -> None:
        self._socket = socket
        self.websocket = socket.direct = WebSocket(line, most_bytes, deflates, self._hear)
        self._inbox: deque[Message | None] = deque()
        self._works = False
        self._listen: Callable[[str], None] = self._probe if socket.connected else self._receive

    def start(self, answer: bytes) -> None:
        """Answer the request for an upgrade; what was queued for the client until now follows."""
        self.websocket.write(answer)
        if self._listen == self._receive:
            self._take_over()
        else:
            self._socket.upgrading = True  # holds back what is sent meanwhile
            engine.spawn_later(FIRST_WORD_S, self._give_up)
        self.websocket.resume()

    def _give_up(self) -> None:
        """An upgrade that is never proved is over."""
        if self._socket.queue is not self:
            self.websocket.abort()

    def _take_over(self) -> None:
        socket, before = self._socket, self._socket.queue
        socket.queue = self
        socket.connected = socket.upgraded = True
        socket.upgrading = False
        while not before.empty():
            self.put(before.get(block=False))

    # --- what goes out: python-engineio's queue ---

    def put(self, queued: Any) -> None:
        if queued is None:
            self.websocket.close()
        else:
            self.websocket.send(queued.encode())

    def join(self) -> None:
        """Nothing ever waits here."""

    # --- what comes in ---

    def _hear(self, message: Message | None) -> None:
        self._inbox.append(message)
        if not self._works:
            self._works = True
            engine.spawn(self._work)
        elif len(self._inbox) == MOST_UNHEARD:
            self.websocket.pause()

    def _work(self) -> None:
        """Handle what has come, one by one: a handler may wait for the database, and none of this client's overtakes it."""
        try:
            while self._inbox:
                message = self._inbox.popleft()
                if message is None:
                    self._leave()
                else:
                    self._hear_out(message)
                if len(self._inbox) == MOST_UNHEARD - 1:
                    self.websocket.resume()
                if self._inbox:
                    engine.give_way()
        finally:
            self._works = False

    def _hear_out(self, message: Message) -> None:
        try:
            if not is_packet(message):
                self.websocket.close(1003)
                return
            self._listen(str(message))
        except exceptions.UnknownPacketError:
            pass
        except (exceptions.SocketIsClosedError, ValueError):
            self.websocket.close(1002)
        except Exception:
            logger.exception("a websocket failed")
            self.websocket.close(1011)

    def _receive(self, message: str) -> None:
        self._socket.receive(packet.Packet(encoded_packet=message))

    def _probe(self, message: str) -> None:
        """A client that polls tries whether a websocket gets through: it says so, and then moves over."""
        if message != "2probe":
            raise ValueError("no probe")
        self._listen = self._move
        self.websocket.send("3probe")
        self._socket.queue.put(packet.Packet(packet.NOOP))  # ends the poll that is open

    def _move(self, message: str) -> None:
        if message != str(packet.UPGRADE):
            raise ValueError("no upgrade")
        self._listen = self._receive
        self._take_over()

    def _leave(self) -> None:
        socket = self._socket
        if socket.queue is not self:
            socket.upgrading = False  # it never moved over, and may go on polling
            return
        socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)
        socket.server.sockets.pop(socket.sid, None)


class Waiting:
    """The same websocket where a task waits for each client, as python-engineio's own handler does: on engines without a `Line`."""

    def __init__(self, sock: Any, most_bytes: int) -> None:
        # Not `_sock`: python-engineio would set the time of a socket by that name itself.
        sock.settimeout(FIRST_WORD_S)
        self._plain, self._heard = sock, deque[Message | None]()
        self._websocket = WebSocket(_Plain(sock), most_bytes, False, self._heard.append)
        self._lock = threading.Lock()

    def wait(self) -> Message | None:
        while not self._heard:
            self._websocket.readable()
        message = self._heard.popleft()
        if message is not None and not is_packet(message):
            self._websocket.close(1003)
            return None
        self._plain.settimeout(SILENCE_S)
        return message

    def send(self, message: Message) -> None:
        with self._lock:
            self._websocket.send(message)

    def close(self) -> None:
        self._websocket.close()
        engine.shut(self._plain)

    def abort(self) -> None:
        """End it without a word: whoever does not read would keep us waiting for room to say it."""
        engine.shut(self._plain)


class _Plain:
    """A socket on which a task waits, as a `Line`: nobody calls back."""

    def __init__(self, sock: Any) -> None:
        self._sock, self.receive = sock, sock.recv

    def send(self, data: bytes | memoryview) -> int:
        self._sock.sendall(data)
        return len(data)

    def on_readable(self, act: object) -> None: ...

    def on_writable(self, act: object) -> None: ...

    def later(self, seconds: float, act: object) -> None: ...

    def finish(self) -> None:
        engine.shut(self._sock)

    close = finish


def is_packet(message: Message | None) -> bool:
    """Whether a message begins as an Engine.IO packet does; the library stumbles over anything else, and over bytes."""
    return isinstance(message, str) and message[:1] in tuple("0123456")


def websocket_class(most_bytes: int, *, direct: bool) -> type:
    """The class for python-engineio's driver table: a WSGI application that upgrades and hands the connection over."""

    class Upgrade:
        def __init__(self, handler: Any, server: Any) -> None:
            self._handler, self._socket = handler, handler.__self__

        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
            if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not key:
                start_response("400 Bad Request", [("Sec-WebSocket-Version", "13")])
                return [b""]
            if not direct:
                return self._wait(environ, key)
            deflates = "permessage-deflate" in environ.get("HTTP_SEC_WEBSOCKET_EXTENSIONS", "")
            peer = Peer(self._socket, engine.Line(environ), most_bytes, deflates)
            peer.start(_accepted(key, deflates))
            return []

        def _wait(self, environ: dict[str, Any], key: str) -> Iterable[bytes]:
            sock = engine.upgrade_socket(environ)
            sock.sendall(_accepted(key, deflates=False))
            websocket = self._socket.direct = Waiting(sock, most_bytes)
            try:
                self._handler(websocket)
            except ValueError:
                pass  # it ended, or spoke nonsense, before the upgrade was proved
            finally:
                websocket.close()
            return engine.upgraded(environ)

    return Upgrade


def _accepted(key: str, deflates: bool) -> bytes:
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
    extension = f"\r\nSec-WebSocket-Extensions: {DEFLATE}".encode() if deflates else b""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + extension + b"\r\n\r\n"
    )


def take_over(eio: Any, most_bytes: int, *, direct: bool) -> None:
    """Put ours in the driver table of an Engine.IO server."""
    drivers = eio._async
    ours = {"websocket": websocket_class(most_bytes, direct=direct), "queue": backlog_class(drivers["queue"])}
    if direct:
        ours["thread"] = task_class(drivers["thread"], Pings(eio.ping_interval))
    eio._async = {**drivers, **ours}
