"""The server's clock: wall time that never jumps. Anchored once, then carried on by the monotonic clock."""

from __future__ import annotations

import datetime
import time
import zoneinfo


class Clock:
    """Units: `now_ms` is UTC milliseconds; a change of the machine's clock while we run does not move it."""

    def __init__(self) -> None:
        self._anchor_ms = time.time_ns() // 1_000_000
        self._started_ms = time.monotonic_ns() // 1_000_000

    def now_ms(self) -> int:
        return self._anchor_ms + time.monotonic_ns() // 1_000_000 - self._started_ms


def zone(name: str) -> datetime.tzinfo:
    """The time zone of the clock on the room's wall; UTC where the machine does not know it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.UTC
