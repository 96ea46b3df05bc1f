"""The server as the simulation sees it, and the real one: door, committer, log, urn and SQLite, with a power switch.

Operations queue until `work`; while one group commits, the next arrives. The power may fail between two steps, inside a
transaction, or after COMMIT and before anybody was answered; the database may refuse, or commit and say that it did not.
All chance of the urn comes from the seed, so that a failing seed fails again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Protocol

import orjson

from app import boards, urn
from app.boards import Boards
from app.committer import Reply
from app.domain.operations import Actor, Operation
from app.domain.records import State, View
from app.extensions import db
from app.moments import Committed, Moment
from app.store import log
from app.store import urn as urn_rows
from app.store.log import Entry
from app.store.urn import Epoch
from app.urn import keys
from tests.seminar import ADMINISTRATOR, SETUP, Door, StoppedClock

# In life 500: a short run would never see a snapshot after the first.
MOST_MISSED = 4
SET_UP = Operation(f"{0:032x}", "board.setup", SETUP)


class PowerCut(BaseException):
    """The process is gone in the middle of something. Not an Exception: nothing may survive it by catching it."""


class Core(Protocol):
    """What the simulation asks of a server: the door, and what only a test may look at."""

    clock: StoppedClock
    trouble: float
    meanwhile: Callable[[], None]

    def create(self, board: str) -> None:
        """A board that is set up, with the rounds of `tests/seminar.py`."""

    def on_commit(self, listener: Callable[[Committed], None]) -> None: ...
    def submit(self, board: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None: ...
    def work(self) -> None:
        """Commit what is queued. Raises: PowerCut."""

    def crash(self, *, keys_too: bool) -> None:
        """Lose what is not on disk, with the keys' tmpfs or without, and start again."""

    def moment(self, board: str) -> Moment: ...
    def view(self, board: str, view: View) -> State: ...
    def catch_up(self, board: str, view: View, head: int, generation: int) -> dict[str, Any] | None: ...
    def entries(self, board: str) -> list[Entry]: ...
    def op_hash(self, board: str, op_id: str) -> bytes: ...
    def urn_texts(self, board: str, round_id: str, epoch: int) -> list[str]:
        """The texts that lie in an urn, withdrawn and released ones not."""

    def close(self) -> None: ...


class _Seeded:
    """Stands for the modules of chance inside `app.urn`."""

    def __init__(self, random: Random) -> None:
        self.token_bytes = random.randbytes
        self.token_hex = lambda size: random.randbytes(size).hex()


@contextmanager
def chance_from(random: Random) -> Iterator[None]:
    """The urn's keys, ids and shuffles follow the seed while this lasts, and whoever missed a few changes gets a snapshot."""
    before = urn.secrets, keys.secrets, urn.SystemRandom, boards.MOST_MISSED
    urn.secrets = keys.secrets = _Seeded(random)  # type: ignore[assignment]
    urn.SystemRandom = lambda: random  # type: ignore[assignment,misc]
    boards.MOST_MISSED = MOST_MISSED
    try:
        yield
    finally:
        urn.secrets, keys.secrets, urn.SystemRandom, boards.MOST_MISSED = before  # type: ignore[assignment,misc]


class RealCore:
    """The real core over a database file. `trouble` is how often a transaction meets one."""

    def __init__(self, folder: Path, random: Random, seats: int) -> None:
        self.random, self.trouble = random, 0.0
        self.door = Door(folder, seats)
        self.clock = self.door.clock
        self.door.database.write(db.metadata.create_all)
        self.meanwhile: Callable[[], None] = lambda: None
        self._listeners: list[Callable[[Committed], None]] = []
        self._bind()

    @property
    def boards(self) -> Boards:
        return self.door.boards

    def _bind(self) -> None:
        self._queued: list[Callable[[], None]] = []
        self.boards.on_engine(self._queued.append, self._in_thread)
        for listener in self._listeners:
            self.boards.on_commit(listener)

    def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        if work != self.door.database.write:
            return work(*arguments)
        chance = self.random.random() / self.trouble if self.trouble else 1
        before = {True: PowerCut(), False: OSError("disk")}[chance < 0.3] if chance < 0.6 else None
        done = work(self._slowly(arguments[0], before))
        if chance < 0.8:
            raise PowerCut
        if chance < 1:
            raise OSError("committed, and nobody knows")
        return done

    def _slowly(self, work: Callable[[Any], Any], failure: BaseException | None) -> Callable[[Any], Any]:
        """The work, what goes on before its COMMIT, and perhaps a failure instead of it."""

        def run(connection: Any) -> Any:
            done = work(connection)
            self.meanwhile()
            if failure:
                raise failure
            return done

        return run

    def create(self, board: str) -> None:
        self.boards.create(board)
        self.boards.submit(board, ADMINISTRATOR, [SET_UP], lambda answers: None)
        self.work()

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        self._listeners.append(listener)
        self.boards.on_commit(listener)

    def submit(self, board: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        self.boards.submit(board, actor, operations, reply)

    def work(self) -> None:
        while self._queued:
            self._queued.pop(0)()

    def crash(self, *, keys_too: bool) -> None:
        if keys_too:
            for key in self.door.volatile.iterdir():
                key.unlink()
        self.door = self.door.again()
        self._bind()
        # As the timekeeper does at the start of a server.
        self.boards.settle_keys()

    def moment(self, board: str) -> Moment:
        return self.boards.moment(board)

    def view(self, board: str, view: View) -> State:
        return self.boards.view(board, view)

    def catch_up(self, board: str, view: View, head: int, generation: int) -> dict[str, Any] | None:
        missed = self.boards.catch_up(board, view, head, generation)
        return orjson.loads(missed.json) if missed else None

    def entries(self, board: str) -> list[Entry]:
        return self.door.database.read(lambda c: log.read(c, board))

    def op_hash(self, board: str, op_id: str) -> bytes:
        return self.boards.op_hash(board, op_id)

    def urn_texts(self, board: str, round_id: str, epoch: int) -> list[str]:
        rows = self.door.database.read(lambda c: urn_rows.all_texts(c, Epoch(board, round_id, epoch)))
        return [row.body["text"] for row in rows if row.state == urn_rows.IN]

    def close(self) -> None:
        self.door.database.close()
