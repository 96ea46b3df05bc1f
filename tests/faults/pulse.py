"""Something small done again and again beside a trial: how long it took at the longest says who was kept waiting.

What this thread and the processes it asks waited for a processor is taken off: that says how busy the machine is, not who was
kept waiting by whom.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PAUSE_S = 0.05


class Pulse(threading.Thread):
    """`with Pulse(act) as pulse: ...`; then `pulse.longest_s`. A beat that fails fails the trial.

    Shape: `asked` are the ids of the processes that answer a beat.
    """

    def __init__(self, beat: Callable[[], None], *asked: int) -> None:
        super().__init__(daemon=True)
        self._beat, self._over = beat, threading.Event()
        self._asked = asked
        self._failure: BaseException | None = None
        self.longest_s = 0.0

    def run(self) -> None:
        while not self._over.wait(PAUSE_S):
            begun, queued_s = time.monotonic(), self._queued_s()
            try:
                self._beat()
            except BaseException as error:
                self._failure = error
                return
            took_s = time.monotonic() - begun
            self.longest_s = max(self.longest_s, took_s - (self._queued_s() - queued_s))

    def _queued_s(self) -> float:
        return _queued_s(Path("/proc/thread-self")) + sum(map(queued_s_of, self._asked))

    def __enter__(self) -> Pulse:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join(60)
        assert self._failure is None, self._failure
        assert self.longest_s, "it did not beat once"


def queued_s_of(process: int) -> float:
    """How long its threads have been ready to run while others had the processors (Linux; elsewhere 0)."""
    return sum(map(_queued_s, Path(f"/proc/{process}/task").glob("*")))


def _queued_s(task: Path) -> float:
    with suppress(OSError):
        return int((task / "schedstat").read_text().split()[1]) / 1e9
    return 0.0
