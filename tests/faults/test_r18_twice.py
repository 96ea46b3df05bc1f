"""R18: what was sent comes again, in another order, on either road. One effect, and the same answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from app.domain.operations import Actor, Operation
from app.store import urn as urn_rows
from tests.faults.core import RealCore, chance_from
from tests.faults.room import GOOD, SEATS, Room
from tests.faults.rows import Row, sample
from tests.seminar import BOARD

STEPS = 250
Recorded = tuple[str, Actor, Operation]


class Recorder(RealCore):
    """Keeps every frame that came up, as a proxy would, with its answer."""

    def __init__(self, folder: Path, random: Random, seats: int) -> None:
        super().__init__(folder, random, seats)
        self.frames: list[Recorded] = []
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}

    def submit(self, board: str, actor: Actor, operations: Any, reply: Callable[..., Any]) -> None:
        (operation,) = operations
        if actor.person is not None:
            self.frames.append((board, actor, operation))

        def heard(answers: list[dict[str, Any]]) -> None:
            self.answers[board, operation.id] = answers[0]
            reply(answers)

        super().submit(board, actor, operations, heard)

    def everything(self) -> list[Any]:
        """All that the database holds of the boards."""

        def read(connection: Connection) -> list[Any]:
            tables = (urn_rows.texts, urn_rows.ballots, urn_rows.dropped)
            return [sorted(map(tuple, connection.execute(table.select()))) for table in tables]

        entries = [entry for board in self.boards.boards() for entry in self.entries(board)]
        return [entries, *self.door.database.read(read)]


def trial(seed: int, folder: Path) -> int:
    random = Random(seed)
    with chance_from(random):
        core = Recorder(folder, random, SEATS)
        try:
            Room(core, random, GOOD).run(STEPS)
            frames = list(core.frames)
            before = core.everything()
            _replay(core, random, frames)
            assert core.everything() == before, "a copy had an effect"
            core.crash(keys_too=False)
            # What was only refused may be decided anew by another process; what was acknowledged may not.
            kept = [frame for frame in frames if "code" not in core.answers[frame[0], frame[2].id]]
            logged = [frame for frame in kept if _left_a_trace(core, *frame)]
            _replay(core, random, logged)
            assert core.everything() == before, "a copy had an effect after a restart"
        finally:
            core.close()
    assert BOARD in {board for board, _, _ in frames}
    return len(frames)


def _left_a_trace(core: Recorder, board: str, actor: Actor, operation: Operation) -> bool:
    return core.op_hash(board, operation.id) in core.boards._board(board).known


def _replay(core: Recorder, random: Random, frames: list[Recorded]) -> None:
    """Every frame twice more, in any order, and each is answered as it was."""
    first = dict(core.answers)
    for board, actor, operation in random.sample(frames * 2, 2 * len(frames)):
        core.submit(board, actor, [operation], lambda answers: None)
        if random.random() < 0.3:
            core.work()
    core.work()
    assert core.answers == first, "another answer to a copy"


R18 = Row("R18", pr=1_000, rel=100_000, unit="operations", trial=trial)


@pytest.mark.timeout(300)
def test_r18_a_copy_has_no_effect_and_the_same_answer(tmp_path: Path) -> None:
    sample(R18, tmp_path)
