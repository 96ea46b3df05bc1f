"""One frame whose bytes go to everybody: python-socketio's client manager with a direct way to every websocket of ours.

Whoever polls is served by the stock queue, as are frames with callbacks. Leaving costs what a client's own rooms cost, not what
all rooms do.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson
import socketio
from engineio import packet as eio_packet

from app.moments import Ready
from realtime.frames import Text
from realtime.gate import OPENING
from realtime.transport import Peer

YIELD_EVERY = 256
NAMESPACE = "/"
# What Flask needs of a request to know whose cookie it brings, should the client connect to the namespace again.
KEPT = (
    "HTTP_COOKIE",
    "HTTP_HOST",
    "PATH_INFO",
    "REMOTE_ADDR",
    "REQUEST_METHOD",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
    OPENING,
)


class BoardManager(socketio.Manager):
    """Rooms and clients of this process."""

    def __init__(self) -> None:
        super().__init__()
        # room -> client -> its engine.io id; and the rooms of each client.
        self._members: dict[str | None, dict[str, str]] = defaultdict(dict)
        self._entered: dict[str, list[str | None]] = defaultdict(list)

    # --- sending ---

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, **options: Any) -> None:
        to = options.get("to") or room
        special = options.get("callback") or options.get("skip_sid") or isinstance(data, tuple | bytes)
        if special or namespace != NAMESPACE:
            super().emit(event, data, namespace, room=room, **options)
            return
        rooms = to if isinstance(to, list) else [to]
        listening = [eio_sid for room in rooms for eio_sid in self._members.get(room, {}).values()]
        self._send(_text(event, data), listening)

    def _send(self, text: Text, listening: list[str]) -> None:
        sockets, plain, packed = self.server.eio.sockets, b"", b""
        for count, eio_sid in enumerate(listening, 1):
            socket = sockets.get(eio_sid)
            peer = socket.queue if socket else None
            if type(peer) is not Peer:
                self._queue(eio_sid, text)
            elif peer.websocket.deflates:
                peer.websocket.write(packed := packed or text.packed)
            else:
                peer.websocket.write(plain := plain or text.plain)
            if count % YIELD_EVERY == 0:
                self.server.sleep(0)

    def _queue(self, eio_sid: str, text: Text) -> None:
        """The stock way, for whoever polls; bounded by `backlog.py`."""
        packet = eio_packet.Packet(eio_packet.MESSAGE, text.text[1:].decode())
        self.server._send_eio_packet(eio_sid, packet)

    # --- coming and going ---

    def connect(self, sid: str, namespace: str) -> str:
        """Once a client is in, the request it came by is let go of, but for what names it: 4 KB for each client."""
        sid = super().connect(sid, namespace)
        eio_sid = self.eio_sid_from_sid(sid, namespace)
        environ = self.server.environ.get(eio_sid, {})
        self.server.environ[eio_sid] = {name: environ[name] for name in KEPT if name in environ}
        return sid

    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        if namespace == NAMESPACE and room not in self._entered[sid]:
            self._entered[sid].append(room)
            self._members[room][sid] = self.rooms[namespace][room][sid]

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        super().basic_leave_room(sid, namespace, room)
        if room in self._entered.get(sid, ()):
            self._entered[sid].remove(room)
            self._forget(sid, room)

    def _forget(self, sid: str, room: str | None) -> None:
        del self._members[room][sid]
        if not self._members[room]:
            del self._members[room]

    def basic_disconnect(self, sid: str, namespace: str, **options: Any) -> None:
        """As the stock manager does it, but without looking into every room there is."""
        for room in self._entered.pop(sid, ()):
            self._forget(sid, room)
            super().basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for waiting in (self.pending_connect, self.pending_disconnect):
            if sid in waiting.get(namespace, ()):
                waiting[namespace].remove(sid)
                if not waiting[namespace]:
                    del waiting[namespace]


def _text(event: str, data: Any) -> Text:
    if not isinstance(data, Ready):
        return Text(b"42" + orjson.dumps([event, data]))
    if data.kept is None:
        data.kept = Text(b'42["' + event.encode() + b'",' + data.json + b"]")
    kept: Text = data.kept
    return kept
