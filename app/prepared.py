"""What was made from boards and still lies about, after an erasure there: it goes at once, as the words themselves do.

Each order names the board or the workshop it is made from, and the board's generation, which an erasure raises. So whatever names
an older one is overtaken, whichever worker erased, and whenever that is found out.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app import press, seats
from app.boards import Boards, boards
from app.moments import Committed
from app.press import Job, Press
from app.store import log
from app.store import workshops as workshop_rows


def of_board(board_id: str) -> str:
    """What an order names first that is made from a board: take it before the board is read."""
    return f"{board_id}:{boards.moment(board_id).generation}:"


def of_workshop(workshop_id: str) -> str:
    """The same for what is made from a workshop's people and from its own board."""
    board = seats.read(lambda c: workshop_rows.board_of(c, workshop_id))
    return f"{workshop_id}:{boards.moment(board).generation if board else 0}:"


def ordered(job: Job) -> Job:
    """An order that was just placed; should an erasure have come while its board was read, it is gone again."""
    forget_overtaken(press.ours(), boards)
    return job


def forget_overtaken(folder: Press, door: Boards) -> None:
    """Delete what was made from boards as they were before an erasure; what is under way goes no step further."""
    begun = {job.id: job.of.split(":", 2)[:2] for job in folder.jobs()}
    if not begun:
        return
    now = door.read(_generations)
    for job_id, (made_from, generation) in begun.items():
        if str(now.get(made_from, generation)) != generation:
            folder.forget(job_id)


def _generations(connection: Connection) -> dict[str, int]:
    """Board or workshop -> the generation that is in force."""
    of_boards = {board: generation for board, (_, generation) in log.all_heads(connection).items()}
    of_workshops = workshop_rows.main_boards(connection)
    return of_boards | {of: of_boards[board] for of, board in of_workshops.items() if board in of_boards}


class Overtaken:
    """Hears of this worker's commits, and has the press forget after each that was an erasure."""

    def __init__(self, folder: Press, door: Boards) -> None:
        self._folder, self._door = folder, door
        self._known: dict[str, int] = {}

    def noticed(self, committed: Committed) -> None:
        generation = committed.moment.generation
        if self._known.get(committed.board) != generation:
            self._known[committed.board] = generation
            self.look()

    def look(self) -> None:
        """At a start, for a crash may have come first; and while other workers may erase, too."""
        forget_overtaken(self._folder, self._door)
