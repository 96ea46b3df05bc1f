"""Whether people far away can reach us: asks for our own /health at the address they use, through the tunnel and back.

For a laptop in the room with a tunnel outward (docs/operations.md). Only an answer with our own mark counts: a page that a hotel's
network puts in the way, or another server under the name, is not us.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from realtime import engine

logger = logging.getLogger("palabre.tunnel")

ASK_S = 10
PATIENCE_S = 5
# One answer that fails to come is weather.
FAILURES = 2


class Tunnel:
    """Asks every ten seconds. `clock` gives milliseconds."""

    def __init__(
        self, address: str, mark: str, clock: Callable[[], int], sleep: Callable[[float], object]
    ) -> None:
        self._address, self._mark = f"{address}/health", mark
        self._clock, self._sleep = clock, sleep
        self._well_at_ms = clock()
        self._failures = 0

    def run(self) -> None:
        """For ever."""
        while True:
            try:
                self.look()
            except Exception:
                logger.exception("looking through the tunnel failed")
            self._sleep(ASK_S)

    def look(self) -> None:
        if engine.in_thread(is_answered, self._address, self._mark):
            self._failures, self._well_at_ms = 0, self._clock()
        else:
            self._failures += 1

    def cut_min(self) -> int | None:
        """For how many whole minutes the remote side has been cut; None while it is not."""
        if self._failures < FAILURES:
            return None
        return (self._clock() - self._well_at_ms) // 60_000


def is_answered(address: str, mark: str) -> bool:
    """Whether our own server answers there; what stands in the way may speak no HTTP at all."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read(1000)).get("server") == mark
    except (OSError, HTTPException, ValueError, AttributeError):
        return False
