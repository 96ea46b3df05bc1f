"""What waits to be sent to one client, bounded: whoever does not read is cut, and says hello again when it comes back.

The stock queue of python-engineio has no end. This one stands in for it on every engine, so that every road to a client is
bounded: websocket or polling, broadcast or answer.
"""

from __future__ import annotations

import sys
from typing import Any

MOST_PACKETS = 200
MOST_BYTES = 1024 * 1024


def backlog_class(queue_class: Any) -> Any:
    """The engine's queue class with bounds; `owner` is the Engine.IO socket whose packets it holds."""

    class Backlog(queue_class):
        owner: Any = None
        held_bytes = 0

        def put(self, packet: Any, *arguments: Any, **named: Any) -> None:
            size = _size(packet)
            # One frame may be larger than the bound: the first load of a large board.
            if packet is not None and self.owner and self.qsize() and self._is_over(size):
                cut(self.owner)
                return
            # Counted anew from nothing: with real threads a sum may slip.
            self.held_bytes = self.held_bytes + size if self.qsize() else size
            super().put(packet, *arguments, **named)

        def _is_over(self, size: int) -> bool:
            return self.qsize() >= MOST_PACKETS or self.held_bytes + size > MOST_BYTES

        def get(self, *arguments: Any, **named: Any) -> Any:
            packet = super().get(*arguments, **named)
            self.held_bytes -= _size(packet)
            return packet

        def join(self) -> None:
            """Nobody waits until a client has read: it may never do so."""

    return Backlog


def _size(packet: Any) -> int:
    """What it holds in memory: a text with one sign beyond Latin-1 takes two bytes for each."""
    return 0 if packet is None else sys.getsizeof(packet.encode())


def cut(socket: Any) -> None:
    """End a client's transport at once, without waiting for it to read what is left; what it had waiting is freed."""
    websocket = getattr(socket, "direct", None)
    if websocket:
        websocket.abort()
    socket.close(wait=False, abort=True)
