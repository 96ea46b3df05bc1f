"""This worker among others: what they wrote is fanned out here, whom they cut is cut here, what we hold is said there.

The database is asked every second, whatever Redis does; wake-ups (`wakeups.py`) only make it sooner. Without PostgreSQL there is
one worker and nothing of this runs. Who is connected, raised hands, the wheel and who takes part in a sealed round are in no
database: of these a worker knows what the others report, and while it cannot hear them, only its own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from app import rates
from app.boards import Boards
from app.domain.records import view_of
from app.moments import Committed
from app.prepared import Overtaken
from app.store import sessions as session_rows
from realtime.floor import Floors
from realtime.handlers import Handlers
from realtime.presence import Presence
from realtime.report import Report, described, report_of
from realtime.viewers import Viewer, Viewers

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
        presence: Presence,
        floors: Floors,
        sleep: Callable[[float], object],
        overtaken: Overtaken,
    ) -> None:
        self._boards, self._viewers, self._handlers = boards, viewers, handlers
        self._presence, self._floors, self._sleep = presence, floors, sleep
        self._overtaken = overtaken
        self._failing: set[str] = set()
        self._looks = 0

    def run(self) -> None:
        """For ever; what fails now is looked at again in a second."""
        while True:
            self._sleep(LOOK_S)
            self._looks += 1
            for step in (self._boards.follow_all, self._overtaken.look, self._cut_who_left, self._tend):
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
            self._boards.custody.tend()

    def _cut_who_left(self) -> None:
        """Say goodbye to sockets whose session was ended, or whose person may see something else now, by another worker."""
        held = self._handlers.people()
        standing = self._boards.read(lambda c: session_rows.standing(c, sorted(held))) if held else {}
        for handle, now in standing.items():
            if now.locked:
                self._handlers.cut(handle, "locked")
            elif now.due or any(
                view != view_of(now.role, now.table) for view in self._viewers.views_of(handle)
            ):
                self._handlers.cut(handle, "role")
            elif self._handlers.is_renewed(handle, now.token_hash):
                self._handlers.cut(handle, "restart")
        if gone := sorted(held.keys() - standing.keys()):
            seated = self._boards.read(lambda c: session_rows.seated(c, [held[handle] for handle in gone]))
            for handle in gone:
                self._handlers.cut(handle, "moved" if held[handle] in seated else "removed")

    # --- with wake-ups ---

    def connect(self, wakeups: Wakeups) -> None:
        """Tell the others at once what they would find out within a second, and hear it from them."""
        self._boards.on_commit(lambda committed: _tell_head(wakeups, committed))
        self._boards.on_delete(lambda board: wakeups.tell("board", board, -1))
        self._boards.custody.keys.elsewhere = wakeups
        wakeups.on("board", self._board_moved)
        wakeups.on("cut", self._handlers.cut)
        wakeups.on("key", self._key_wanted)
        wakeups.report, wakeups.read_report = self._report, report_of
        wakeups.on_reports = lambda told: self._reported(told, wakeups.is_hearing)
        self._presence.on_change = self._floors.on_change = wakeups.report_soon

    def _board_moved(self, board: str, head: int) -> None:
        if board in self._boards.loaded() and not 0 <= head <= self._boards.moment(board).head:
            self._boards.follow(board)

    def _key_wanted(self, file: str) -> None:
        for name in self._boards.custody.keys.held():
            if name.file == file:
                self._boards.custody.keys.keep(name)

    def _report(self) -> dict[str, Any]:
        return {
            "viewers": {
                b: [described(viewer) for viewer in self._viewers.on(b)] for b in self._viewers.boards()
            },
            "floors": self._floors.said(),
            "attendance": self._presence.attendance.said(),
            "spent": rates.operations.spent(),
        }

    def _reported(self, reports: dict[str, Report], is_hearing: bool) -> None:
        elsewhere: dict[str, list[Viewer]] = {}
        for report in reports.values():
            for board, seen in report.viewers.items():
                elsewhere.setdefault(board, []).extend(seen)
        self._viewers.elsewhere, self._viewers.is_incomplete = elsewhere, not is_hearing
        for worker, report in reports.items():
            rates.operations.heard(worker, report.spent, time.monotonic())
        ours = set(self._boards.loaded())
        for report in reports.values():
            for board in ours & report.attendance.keys():
                self._presence.attendance.heard(board, report.attendance[board])
            for board in ours & report.floors.keys():
                self._floors.heard(board, report.floors[board])


def _tell_head(wakeups: Wakeups, committed: Committed) -> None:
    if committed.is_ours:
        wakeups.tell_head(committed.board, committed.moment.head)
