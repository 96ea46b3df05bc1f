"""python-engineio over our own websocket: no task for each client, no deflate context, pings from one clock.

What we replace stands in its driver table (`eio._async`): the websocket class, and the tasks that only wait to send a ping. An
engine.io socket that has become a websocket gets a `Peer` for its queue: what the libraries put there is written at once.
`tests/realtime/test_libraries.py` holds every name of theirs that is touched here. `PALABRE_FANOUT=stock` touches none.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from engineio import exceptions, packet
from engineio.socket import Socket

from realtime import engine
from realtime.websocket import DEFLATE, Message, WebSocket

logger = logging.getLogger("palabre.realtime")

# Messages that wait for their handler before we read no further from a client.
MOST_UNHEARD = 16
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """A client on a websocket: what comes in is handled in turn, what goes out goes at once. Shape: a queue, for the libraries."""

    __slots__ = ("_inbox", "_listen", "_socket", "_works", "websocket")

    def __init__(self, socket: Any, line: engine.Line, most_bytes: int, deflates: bool) -> None:
        self._socket = socket
        self.websocket = WebSocket(line, most_bytes, deflates, self._hear)
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
        self.websocket.resume()

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
        finally:
            self._works = False

    def _hear_out(self, message: Message) -> None:
        try:
            if not isinstance(message, str):
                raise ValueError("binary messages are not spoken here")
            self._listen(message)
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


def websocket_class(most_bytes: int) -> type:
    """The class for python-engineio's driver table: a WSGI application that upgrades and hands the connection to a `Peer`."""

    class Upgrade:
        def __init__(self, handler: Any, server: Any) -> None:
            self._socket = handler.__self__

        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
            if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not key:
                start_response("400 Bad Request", [("Sec-WebSocket-Version", "13")])
                return [b""]
            deflates = "permessage-deflate" in environ.get("HTTP_SEC_WEBSOCKET_EXTENSIONS", "")
            peer = Peer(self._socket, engine.Line(environ), most_bytes, deflates)
            peer.start(_accepted(key, deflates))
            return []

    return Upgrade


def _accepted(key: str, deflates: bool) -> bytes:
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
    extension = f"\r\nSec-WebSocket-Extensions: {DEFLATE}".encode() if deflates else b""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + extension + b"\r\n\r\n"
    )


class Pings:
    """Sends each socket its ping when it is due. All wait equally long, so the first to come is the first to go."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._due: deque[tuple[float, Any]] = deque()

    def schedule(self, socket: Any) -> None:
        self._due.append((time.monotonic() + self._interval_s, socket))
        if len(self._due) == 1:
            engine.spawn_later(self._interval_s, self._beat)

    def _beat(self) -> None:
        while self._due:
            wait_s = self._due[0][0] - time.monotonic()
            if wait_s > 0:
                engine.spawn_later(wait_s, self._beat)
                return
            _ping(self._due.popleft()[1])


def _ping(socket: Any) -> None:
    if not socket.closing and not socket.closed:
        socket.last_ping = time.time()
        socket.send(packet.Packet(packet.PING))


def task_class(stock: type, pings: Pings) -> type:
    """The driver table's tasks, but for one kind: each client's own, that sleeps until its next ping, does without."""

    class Task(stock):  # type: ignore[misc]
        def start(self) -> None:
            if getattr(self.target, "__func__", None) is Socket._send_ping:
                pings.schedule(self.target.__self__)
            else:
                super().start()

    return Task
