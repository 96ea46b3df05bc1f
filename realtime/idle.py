"""Boards that nobody looks at and on which nothing is under way: after a while they are let go from memory.

Else a server keeps every workshop there ever was. Whoever comes back finds the board as it is in the database.
"""

from __future__ import annotations

from app.boards import Boards
from app.domain.rounds import unfinished
from realtime.floor import Floors
from realtime.presence import Presence
from realtime.viewers import Viewers

REST_MS = 10 * 60_000
# Turns and raised hands are in no database: they outlive a night between two days, and a weekend.
FLOOR_MS = 3 * 24 * 3_600_000


class Idle:
    """Since when each board has been idle on this worker."""

    def __init__(self, boards: Boards, viewers: Viewers, presence: Presence, floors: Floors) -> None:
        self._boards, self._viewers = boards, viewers
        self._presence, self._floors = presence, floors
        self._since_ms: dict[str, int] = {}

    def look(self, board: str) -> None:
        """Let a board go that has been idle for long enough. Raises: NoSuchBoard."""
        rounds = self._boards.moment(board).state["rounds"].values()
        if self._viewers.views(board) or unfinished(rounds):
            self._since_ms.pop(board, None)
            return
        now_ms = self._boards.clock.now_ms()
        idle_ms = now_ms - self._since_ms.setdefault(board, now_ms)
        if idle_ms >= (FLOOR_MS if self._floors.holds(board) else REST_MS) and self._boards.let_go(board):
            del self._since_ms[board]
            self._floors.forget(board)
            self._presence.forget(board)
