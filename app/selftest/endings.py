"""What ends a self-test from outside, and the moments in which that has to wait."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)


@contextmanager
def undisturbed() -> Iterator[None]:
    """An ending that comes meanwhile comes afterwards: a process that nobody holds yet, or no longer, would live on for ever."""
    late: list[int] = []
    before = {one: signal.signal(one, lambda signum, frame: late.append(signum)) for one in ENDINGS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    if late:
        signal.raise_signal(late[0])
