"""Who may open a transport and who may use one: requests to Socket.IO pass here before the library sees them.

The library takes an Engine.IO id, which travels in addresses, for its owner; it leaves the transport of a refused client open
for ever; and it answers 200 to a request whose packets it throws away. Knows requests and transports, no event.
"""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engineio.packet import CLOSE, MESSAGE, PONG
from engineio.payload import Payload
from flask import Flask

from app import messages, sessions
from app.https_only import is_secure
from realtime import backlog
from realtime.guard import event_of

logger = logging.getLogger("palabre.gate")

PATH = "/socket.io/"
MOST_PACKETS = 64
# What a browser that polls may send. At anything else the library waits for ever for a client that does not read.
FROM_BROWSER = frozenset({CLOSE, PONG, MESSAGE})
# How long a transport may stay without a seat; and after its seat was refused.
UNSEATED_S = 15
REFUSED_S = 3
# A client that sends so much nonsense on one connection is not a browser.
MOST_FAULTS = 50
SWEEP_S = 1
# In a request's environ: its Opening.
OPENING = "palabre.opening"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Turned(Exception):
    """A request is turned away with this status."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Opening:
    """A transport: what the cookie held that opened it, and until when it may stay without a seat (None: it has one).

    `shown`: one of its requests came with an Origin, which is ours.
    """

    held: frozenset[tuple[str, str]]
    shown: bool
    due_s: float | None
    faults: int = 0
    # Held while a request upgrades it: with real threads the library's own mark comes too late.
    upgrade: threading.Lock = field(default_factory=threading.Lock)

    def seated(self) -> None:
        self.due_s = None

    def refused(self) -> None:
        self.due_s = time.monotonic() + REFUSED_S


class Gate:
    """WSGI middleware before Socket.IO, and the keeper of its transports."""

    def __init__(self, app: Flask, server: Any, inner: Wsgi, most_bytes: int) -> None:
        self._app, self._server, self._inner, self._most_bytes = app, server, inner, most_bytes
        self._openings: dict[str, Opening] = {}
        # The library's own bound counts packets and then answers 200: ours stands before it.
        Payload.max_decode_packets = MOST_PACKETS
        eio = server.eio
        self._connect, self._message, self._disconnect = (
            eio.handlers[event] for event in ("connect", "message", "disconnect")
        )
        eio.on("connect", self._opened)
        eio.on("message", self._heard)
        eio.on("disconnect", self._closed)

    # --- requests ---

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._inner(environ, start_response)
        try:
            opening = self._checked(environ)
            if "HTTP_UPGRADE" not in environ:
                return self._inner(environ, start_response)
            with self._upgrading(opening):
                return self._inner(environ, start_response)
        except Turned as turned:
            start_response(turned.status, [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]

    def _checked(self, environ: dict[str, Any]) -> Opening:
        """The transport of a request. Raises: Turned."""
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        method, origin = environ["REQUEST_METHOD"], environ.get("HTTP_ORIGIN")
        if method not in ("GET", "POST") or "j" in asked:
            raise Turned("400 Bad Request")
        if self._app.config["SETTINGS"].https and not is_secure(environ):
            raise Turned("403 Forbidden")
        if origin is not None and not self._is_ours(origin, environ):
            raise Turned("403 Forbidden")
        sid = asked.get("sid", [""])[0]
        opening = self._openings.get(sid)
        held = self._held(environ)
        if opening is None:
            opening = Opening(held, origin is not None, time.monotonic() + UNSEATED_S)
            environ[OPENING] = opening
        elif opening.held.isdisjoint(held) and (opening.held or held):
            raise Turned("400 Bad Request")
        # Where no task waits for each client, the upgrade's own request is over while its proof is still to come.
        socket = self._server.eio.sockets.get(sid)
        if "HTTP_UPGRADE" in environ and socket and socket.upgrading:
            raise Turned("400 Bad Request")
        opening.shown = opening.shown or origin is not None
        if method == "POST":
            self._check_body(environ)
        return opening

    def _is_ours(self, origin: str, environ: dict[str, Any]) -> bool:
        settings = self._app.config["SETTINGS"]
        # A laptop is reached by http in the room and by https through a tunnel; a public server by https alone.
        schemes = ("https",) if settings.https else ("http", "https")
        ours = {f"{scheme}://{environ.get('HTTP_HOST', '')}" for scheme in schemes}
        if settings.public_url:
            known = urlsplit(settings.public_url)
            ours.add(f"{known.scheme}://{known.netloc}")
        return origin in ours

    def _held(self, environ: dict[str, Any]) -> frozenset[tuple[str, str]]:
        with self._app.request_context(environ):
            return sessions.tokens_held()

    @staticmethod
    @contextmanager
    def _upgrading(opening: Opening) -> Iterator[None]:
        """As long as a transport is, or becomes, a websocket, it becomes no other. Raises: Turned."""
        if not opening.upgrade.acquire(blocking=False):
            raise Turned("400 Bad Request")
        try:
            yield
        finally:
            opening.upgrade.release()

    def _check_body(self, environ: dict[str, Any]) -> None:
        """All its packets are packets, and none too many; the library reads them again."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self._most_bytes:
            raise Turned("413 Content Too Large")
        try:
            body = environ["wsgi.input"].read(length)
            if len(body) == length and not body.startswith(b"d="):
                packets = Payload(encoded_payload=body.decode()).packets
                if packets and all(
                    packet.packet_type in FROM_BROWSER and not packet.binary for packet in packets
                ):
                    environ["wsgi.input"] = io.BytesIO(body)
                    return
        except (OSError, ValueError):
            pass
        raise Turned("400 Bad Request")

    # --- transports ---

    def _opened(self, sid: str, environ: dict[str, Any]) -> Any:
        self._openings[sid] = environ[OPENING]
        socket = self._server.eio.sockets[sid]
        socket.queue.owner = socket
        return self._connect(sid, environ)

    def _closed(self, sid: str, reason: str) -> None:
        self._openings.pop(sid, None)
        self._disconnect(sid, reason)

    def _heard(self, sid: str, data: Any) -> None:
        try:
            self._message(sid, data)
        except ValueError:
            self._fault(sid, event_of(data))

    def _fault(self, sid: str, event: str | None) -> None:
        """A packet was refused before any handler ran: told once each, but not for ever."""
        opening = self._openings.get(sid)
        if opening is None:
            return
        opening.faults += 1
        if opening.faults > MOST_FAULTS:
            logger.warning("a connection was cut: too many malformed packets")
            self._cut(sid)
        elif seated := self._server.manager.sid_from_eio_sid(sid, "/"):
            nack = {"id": "", "code": "bad_payload", "data": {"fields": []}}
            self._server.emit("answers", messages.refused(event, nack), to=seated)

    def _cut(self, sid: str) -> None:
        if socket := self._server.eio.sockets.get(sid):
            backlog.cut(socket)

    def sweep(self, now_s: float) -> None:
        """Cut the transports that have no seat and whose time is over."""
        for sid, opening in list(self._openings.items()):
            if opening.due_s is not None and opening.due_s <= now_s:
                self._cut(sid)

    def run(self, sleep: Callable[[float], object]) -> None:
        while True:
            sleep(SWEEP_S)
            try:
                self.sweep(time.monotonic())
            except Exception:
                logger.exception("the gate's sweep failed")
