"""Engine.IO's pings from one clock: python-engineio keeps a task for each client that sleeps until the next one is due."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Any

from engineio import packet
from engineio.socket import Socket

from realtime import engine

logger = logging.getLogger("palabre.realtime")


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
    """What fails for one client is its own affair: all others wait for the same clock."""
    try:
        if not socket.closing and not socket.closed:
            socket.last_ping = time.time()
            socket.send(packet.Packet(packet.PING))
    except Exception:
        logger.exception("a ping failed")


def task_class(stock: type, pings: Pings) -> type:
    """The driver table's tasks, but for one kind: each client's own, that sleeps until its next ping, does without."""

    class Task(stock):
        def start(self) -> None:
            if getattr(self.target, "__func__", None) is Socket._send_ping:
                pings.schedule(self.target.__self__)
            else:
                super().start()

    return Task
