"""The slow work on passphrases, in real threads and few at a time: the event loop goes on, and a crowd of guesses takes neither
all memory nor all processors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.boards import boards
from app.store.passphrases import Lock

# 64 MiB each.
AT_ONCE = 2
_turns = threading.Semaphore(AT_ONCE)
_mine = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """A turn at this work. Whoever counts guesses asks in it whether one is left: of a hundred that come at once, those before
    have been counted by then."""
    if getattr(_mine, "holds", False):
        yield
        return
    with _turns:
        _mine.holds = True
        try:
            yield
        finally:
            _mine.holds = False


def made(words: str) -> Lock:
    """A lock for these words."""
    with turn():
        lock: Lock = boards.in_thread(Lock.of, words)
    return lock


def opens(lock: Lock | None, words: str) -> bool:
    """Whether the words open it. Without a lock the same work is done, so that time does not tell that there is none."""
    with turn():
        fits: bool = boards.in_thread((lock or Lock.nobodys()).opens, words)
    return fits and lock is not None
