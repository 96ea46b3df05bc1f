"""What was looked up in the accounts, kept until this process writes to them. Only where no other process writes: else each look
asks the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from app.boards import boards

T = TypeVar("T")

MOST = 5_000


class Remembered(Generic[T]):
    """Found values by name."""

    def __init__(self) -> None:
        # name -> the boards' count of writes then, and what was found
        self._known: dict[str, tuple[int, T]] = {}

    def get(self, name: str, look: Callable[[], T]) -> T:
        """The value under this name as of now."""
        writes, known = boards.writes, self._known.get(name)
        if known and known[0] == writes and boards.database.is_file:
            return known[1]
        found = look()
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[name] = (writes, found)
        return found
