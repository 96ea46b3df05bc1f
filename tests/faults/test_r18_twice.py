"""R18: what was sent comes again, in another order, on either road. One effect, and the same answer.

At the real core, where every row can be compared, and on the wire, where a proxy sends recorded frames again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection

from app.domain.operations import Actor, Operation
from app.store import urn as urn_rows
from tests.faults.core import RealCore, chance_from
from tests.faults.load import Load, at_work, check
from tests.faults.proxy import Proxy
from tests.faults.ready import ReadyServer
from tests.faults.room import GOOD, PASSING, SEATS, Room
from tests.faults.rows import Row, sample
from tests.seminar import BOARD

STEPS, AT_THE_CORE = 250, 4
PEOPLE, AGAIN, COPIES = 8, 3, 1_000
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
    for number in range(AT_THE_CORE):
        (place := folder / str(number)).mkdir()
        at_the_core(seed * AT_THE_CORE + number, place)
    (place := folder / "wire").mkdir()
    return on_the_wire(seed, place)


def on_the_wire(seed: int, folder: Path) -> int:
    """People at work while a proxy sends what they sent again and again, also over their later connections."""
    server = ReadyServer(folder)
    proxy = Proxy(server.port, PEOPLE, seed)
    try:
        for road in range(PEOPLE):
            proxy.change(road, again=AGAIN)
        with at_work(server, roads=proxy.urls) as load:
            while (copies := copies_answered(load)) < COPIES:
                load.await_more(PEOPLE)
                proxy.change(Random(seed + copies).randrange(PEOPLE), cut=True)
            load.leave()
            check(server, load)
    finally:
        proxy.close()
    print(f"R18: {load.acknowledged} operations, {copies} copies answered alike")
    return copies


def copies_answered(load: Load) -> int:
    """How many answers came beyond the first to an operation. Each must say the same."""
    copies = 0
    for person in load.people:
        first: dict[str, Any] = {}
        for event, data in list(person.entered().frames):
            for answer in data["results"] if event == "answers" else ():
                if answer.get("code") not in PASSING:
                    copies += answer["id"] in first
                    assert first.setdefault(answer["id"], answer) == answer, "another answer to a copy"
    return copies


def at_the_core(seed: int, folder: Path) -> None:
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


def _left_a_trace(core: Recorder, board: str, actor: Actor, operation: Operation) -> bool:
    return core.op_hash(board, operation.id) in core.boards._shelf.board(board).known


def _replay(core: Recorder, random: Random, frames: list[Recorded]) -> None:
    """Every frame twice more, in any order, and each is answered as it was."""
    first = dict(core.answers)
    for board, actor, operation in random.sample(frames * 2, 2 * len(frames)):
        core.submit(board, actor, [operation], lambda answers: None)
        if random.random() < 0.3:
            core.work()
    core.work()
    assert core.answers == first, "another answer to a copy"


R18 = Row("R18", pr=COPIES, rel=100_000, unit="copies", trial=trial, batch=COPIES)


def test_r18_a_copy_has_no_effect_and_the_same_answer(tmp_path: Path) -> None:
    sample(R18, tmp_path)
