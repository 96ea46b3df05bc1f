"""Something small done again and again beside a trial: how long it took at the longest says who was kept waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PAUSE_S = 0.05


class Pulse(threading.Thread):
    """`with Pulse(act) as pulse: ...`; then `pulse.longest_s`. A beat that fails fails the trial."""

    def __init__(self, beat: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._beat, self._over = beat, threading.Event()
        self._failure: BaseException | None = None
        self.longest_s = 0.0

    def run(self) -> None:
        while not self._over.wait(PAUSE_S):
            begun = time.monotonic()
            try:
                self._beat()
            except BaseException as error:
                self._failure = error
                return
            self.longest_s = max(self.longest_s, time.monotonic() - begun)

    def __enter__(self) -> Pulse:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join(60)
        assert self._failure is None, self._failure
        assert self.longest_s, "it did not beat once"
