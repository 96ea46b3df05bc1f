"""The boards that are in memory: read from the database when somebody asks for one, let go when nobody needs it there.

Knows no committer and no viewer: who may let one go is decided outside.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from app.moments import Board

# (head, generation)
At = tuple[int, int]


class Shelf:
    """The boards of this process. `lock`: held by whoever puts something into a board's queue, or takes the board away."""

    def __init__(self, load: Callable[[str], Board]) -> None:
        self._load = load
        self._boards: dict[str, Board] = {}
        # Where boards stood that are not here on purpose: as long as they stand there, nothing is missed.
        self._resting: dict[str, At] = {}
        self.lock = threading.RLock()
        self._loading = threading.Lock()

    def board(self, board_id: str) -> Board:
        """The board as it is in memory, or as the database has it. Raises: NoSuchBoard."""
        if found := self._boards.get(board_id):
            return found
        # Not under the lock: while one board is read, work goes on on the others.
        with self._loading:
            if found := self._boards.get(board_id):
                return found
            board = self._load(board_id)
            with self.lock:
                self._boards[board_id] = board
                self._resting.pop(board_id, None)
            return board

    def get(self, board_id: str) -> Board | None:
        return self._boards.get(board_id)

    def has(self, board: Board) -> bool:
        """Whether this very board is the one in memory, and not one that was dropped."""
        return self._boards.get(board.id) is board

    def loaded(self) -> list[str]:
        with self.lock:
            return list(self._boards)

    def drop(self, board_id: str) -> Board | None:
        with self.lock:
            return self._boards.pop(board_id, None)

    def clear(self) -> None:
        with self.lock:
            self._boards.clear()
            self._resting.clear()

    def rest(self, board_id: str, at: At) -> None:
        """Do without a board until somebody asks for it, or it is elsewhere in the database."""
        with self.lock:
            self._boards.pop(board_id, None)
            self._resting[board_id] = at

    def moved(self, heads: Mapping[str, At]) -> dict[str, At]:
        """Of all boards in the database, those that do not rest where they stand now."""
        with self.lock:
            self._resting = {board: at for board, at in self._resting.items() if board in heads}
            return {board: at for board, at in heads.items() if self._resting.get(board) != at}
