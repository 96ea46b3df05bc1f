"""Bugs on purpose: the harness must catch each of them, or it proves nothing. None of this is anywhere but here.

A bug is planted around a core, inside a commit, in a browser's replica or in what a view is told; it breaks one promise and
keeps all others, so that it is the promise's own check that must find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from app import commits
from app.committer import Reply
from app.domain.operations import Actor, Operation
from app.domain.records import STAFF_VIEW, View
from tests.faults.core import Core
from tests.faults.model import ModelCore
from tests.faults.room import Room
from tests.replica import Replica


class _Around:
    """A core with one thing wrong; everything else is the core's own."""

    def __init__(self, core: Core) -> None:
        object.__setattr__(self, "core", core)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.core, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.core, name, value)


class NoDedupe(_Around):
    """Every copy of an operation is taken for a new one."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        object.__setattr__(self, "numbers", count(10**6))
        object.__setattr__(self, "first", {})

    def submit(self, board: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        (operation,) = operations
        if actor.person is None:
            self.core.submit(board, actor, operations, reply)
            return
        fresh = f"{next(self.numbers):032x}"

        def tell(answers: list[dict[str, Any]]) -> None:
            # The first that was acknowledged gives the answer to all: a client sees nothing wrong.
            if "code" in answers[0]:
                reply(answers)
            else:
                reply([self.first.setdefault((board, operation.id), (answers[0], fresh))[0]])

        self.core.submit(board, actor, [replace(operation, id=fresh)], tell)

    def op_hash(self, board: str, op_id: str) -> bytes:
        return self.core.op_hash(board, self.first.get((board, op_id), (None, op_id))[1])


class NoBudget(_Around):
    """Every card is counted as the first of somebody."""

    def submit(self, board: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        if operations[0].kind == "card.post":
            actor = replace(actor, seat=f"{actor.seat}/{operations[0].id}")
        self.core.submit(board, actor, operations, reply)


class LostAcknowledgement(_Around):
    """One in three texts is acknowledged and thrown away."""

    def submit(self, board: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        (operation,) = operations
        if operation.kind == "card.post" and int(operation.id, 16) % 3 == 0:
            reply([{"id": operation.id, "sealed": True}])
        else:
            self.core.submit(board, actor, operations, reply)


class EarlyModel(ModelCore):
    """Answers, then writes."""

    def _write(self, board: str, after: Any, group: list[Any], answers: list[dict[str, Any]]) -> None:
        for submission, answer in zip(group, answers, strict=True):
            submission[3](answer)
        super()._write(board, after, group, answers)


class EarlyPlan(commits.Plan):
    """Answers, then writes."""

    def write(self, connection: Any) -> None:
        super().write(connection)
        for submission, answer in self._answers:
            submission.answer(answer)
        for sealed in self._sealed:
            if not sealed.refused:
                sealed.submission.answer({"id": sealed.submission.operation.id, "sealed": True})


class ForgetfulPlan(commits.Plan):
    """Decides a refused operation anew whenever it comes."""

    def _remember(self, submission: Any, answer: Any) -> None:
        pass


class GapIgnored(Replica):
    """Takes every newer frame for the next one."""

    def receive(self, frame: dict[str, Any]) -> bool:
        return super().receive({**frame, "from": self.head, "generation": self.generation or 1})

    def _apply(self, change: list[Any]) -> None:
        if change[0] != "patch" or change[2] in self.tables.get(change[1], {}):
            super()._apply(change)


class StaleSnapshot(Replica):
    """Takes every snapshot, however old."""

    def receive(self, frame: dict[str, Any]) -> bool:
        if frame["reset"]:
            self.head = min(self.head, frame["to"])
        return super().receive(frame)


class AudienceIgnored(Room):
    """Tells everybody what is meant for the staff."""

    def seen_by(self, view: View) -> View:
        return STAFF_VIEW


@dataclass(frozen=True, slots=True)
class Bug:
    """How to plant one bug, and how the harness finds it.

    Shape: `finds` is what the check that must catch it says; `seeds` is how many seeds are enough: at the rate measured over
           600 seeds (100 on the real core) all of them together miss it less often than once in a billion. A bug in a browser or
           around a core is the same on both cores and planted in the model; `plan` is inside the real one.
    """

    name: str
    finds: str
    seeds: int
    around: Callable[[Core], Any] = lambda core: core
    model: type[ModelCore] = ModelCore
    plan: type[commits.Plan] | None = None
    replica: type[Replica] = Replica
    room: type[Room] = Room

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The real core's commits go wrong while this lasts."""
        before, commits.Plan = commits.Plan, self.plan or commits.Plan  # type: ignore[misc]
        try:
            yield
        finally:
            commits.Plan = before  # type: ignore[misc]


BUGS = (
    Bug("no dedupe", "came twice|id_reused|answered", 30, around=NoDedupe),
    Bug("early acknowledgement", "lost|not so in the log|answered", 250, model=EarlyModel),
    Bug("gap ignored", "never so|boards differ", 30, replica=GapIgnored),
    Bug("no budget", "the budget is", 150, around=NoBudget),
    Bug("stale snapshot", "went back", 250, replica=StaleSnapshot),
    Bug("audience ignored", "never so|was sent|never had", 30, room=AudienceIgnored),
    Bug("lost acknowledgement", "are lost|the budget is", 30, around=LostAcknowledgement),
    Bug("early acknowledgement, real core", "lost|not so in the log|answered", 120, plan=EarlyPlan),
    Bug("refusal forgotten, real core", "answered .* then", 100, plan=ForgetfulPlan),
)
