"""This worker among others: what they wrote is fanned out here, whom they cut is cut here, what we hold is said there.

The database is asked every second, whatever Redis does; wake-ups (`wakeups.py`) only make it sooner. Without PostgreSQL there is
one worker and nothing of this runs.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from app import rates
from app.boards import Boards
from app.domain.records import view_of
from app.moments import Committed
from app.store import accounts
from realtime.handlers import Handlers
from realtime.viewers import Viewers

if TYPE_CHECKING:
    from realtime.wakeups import Wakeups

logger = logging.getLogger("palabre.neighbours")

LOOK_S = 1
TEND_S = 5


class Neighbours:
    """One loop over the database, and what is heard in between."""

    def __init__(
        self,
        boards: Boards,
        viewers: Viewers,
        handlers: Handlers,
        secret: bytes,
        sleep: Callable[[float], object],
    ) -> None:
        self._boards, self._viewers, self._handlers = boards, viewers, handlers
        self._secret, self._sleep = secret, sleep
        self._elsewhere: dict[str, set[str]] = {}
        self._charged: dict[tuple[str, str], int] = {}
        self._failing: set[str] = set()
        self._looks = 0

    def run(self) -> None:
        """For ever; what fails now is looked at again in a second."""
        while True:
            self._sleep(LOOK_S)
            self._looks += 1
            for step in (self._boards.follow_all, self._cut_who_left, self._tend):
                self._try(step)

    def _try(self, step: Callable[[], None]) -> None:
        """Do a step; that it fails is told once, because while the database is away it does so every second."""
        name = step.__name__
        try:
            step()
        except Exception as error:
            if name not in self._failing:
                logger.error(
                    "%s fails: %s",
                    name,
                    type(error).__name__,
                    exc_info=not isinstance(error, SQLAlchemyError),
                )
            self._failing.add(name)
        else:
            self._failing.discard(name)

    def _tend(self) -> None:
        if self._looks % (TEND_S // LOOK_S) == 0:
            self._boards.tend_keys()

    def _cut_who_left(self) -> None:
        """Say goodbye to sockets whose session was ended, or whose person may see something else now, by another worker."""
        held = self._handlers.people()
        standing = self._boards.read(lambda c: accounts.standing(c, sorted(held))) if held else {}
        for handle, now in standing.items():
            if now.locked:
                self._handlers.cut(handle, "locked")
            elif any(view != view_of(now.role, now.table) for view in self._viewers.views_of(handle)):
                self._handlers.cut(handle, "role")
        if gone := sorted(held.keys() - standing.keys()):
            seated = self._boards.read(lambda c: accounts.seated(c, [held[handle] for handle in gone]))
            for handle in gone:
                self._handlers.cut(handle, "moved" if held[handle] in seated else "removed")

    # --- with wake-ups ---

    def connect(self, wakeups: Wakeups) -> None:
        """Tell the others at once what they would find out within a second, and hear it from them."""
        self._boards.on_commit(lambda committed: _tell_head(wakeups, committed))
        self._boards.on_delete(lambda board: wakeups.tell("board", board, -1))
        self._boards.keys.elsewhere = wakeups
        wakeups.on("board", self._board_moved)
        wakeups.on("cut", self._handlers.cut)
        wakeups.on("key", self._key_wanted)
        wakeups.report, wakeups.on_reports = self._report, self._reported

    def _board_moved(self, board: str, head: int) -> None:
        if board in self._boards.loaded() and not 0 <= head <= self._boards.moment(board).head:
            self._boards.follow(board)

    def _key_wanted(self, file: str) -> None:
        for name in self._boards.keys.held():
            if name.file == file:
                self._boards.keys.keep(name)

    def _name(self, seat: str) -> str:
        """What a seat or its handle is called among workers: nothing in Redis leads to a person."""
        return hmac.digest(self._secret, f"seat|{seat}".encode(), "sha256")[:8].hex()

    def _report(self) -> dict[str, Any]:
        boards = {b: [self._name(h) for h in self._viewers.seats(b)] for b in self._viewers.boards()}
        spent = {self._name(seat): count for seat, count in rates.operations.spent().items()}
        return {"seats": boards, "spent": spent}

    def _reported(self, reports: dict[str, dict[str, Any]]) -> None:
        elsewhere: dict[str, set[str]] = {}
        ours = {self._name(seat): seat for seat in rates.operations.spent()}
        charged: dict[tuple[str, str], int] = {}
        for worker, report in reports.items():
            for board, names in report["seats"].items():
                elsewhere.setdefault(board, set()).update(names)
            for name, spent in report["spent"].items():
                before = self._charged.get((worker, name), 0)
                charged[worker, name] = spent
                if name in ours and spent != before:
                    more = spent - before if spent > before else spent  # it began to count anew
                    rates.operations.charge(ours[name], more, time.monotonic())
        self._elsewhere, self._charged = elsewhere, charged

    def online(self, board: str) -> int:
        """How many seats look at a board, on any worker as far as Redis tells."""
        here = {self._name(handle) for handle in self._viewers.seats(board)}
        return len(here | self._elsewhere.get(board, set()))


def _tell_head(wakeups: Wakeups, committed: Committed) -> None:
    if committed.is_ours:
        wakeups.tell_head(committed.board, committed.moment.head)
