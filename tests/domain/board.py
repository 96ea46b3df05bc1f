"""A board in memory for tests of the rules: operations decided and applied, without a door, an urn or a database."""

from __future__ import annotations

from typing import Any

from app.domain.changes import Change, applied
from app.domain.operations import CLOCK, Actor, Contents, Context, Drop, Erasure, Opening
from app.domain.records import State, empty_state
from app.domain.rounds import deadline_ms
from app.domain.rules import decide
from tests.seminar import ADMINISTRATOR, FACILITATOR, ROUNDS, SETUP, operation

Decided = list[Change] | Drop | Erasure
NOW_MS = 1_800_000_000_000
MINUTE_MS = 60_000


class Board:
    """Shape: `state` after every operation so far; what an urn held is given to `do` where one is opened."""

    def __init__(self, rounds: list[dict[str, Any]] | None = None, seats: int = 8, **setup: Any) -> None:
        self.state: State = empty_state()
        self.now_ms = NOW_MS
        self.seats = seats
        self.do("board.setup", ADMINISTRATOR, **{**SETUP, "rounds": rounds or ROUNDS, **setup})

    def do(
        self, kind: str, /, actor: Actor = FACILITATOR, contents: Contents | None = None, **payload: Any
    ) -> Decided:
        """What becomes of an operation; changes are applied, a drop is only returned."""
        asked = operation(kind, **payload)
        decision = decide(self.state, asked, actor, Context(self.now_ms, self.seats))
        if isinstance(decision, Opening):
            decision = decision.then(contents or Contents())
        if isinstance(decision, list):
            self.state = applied(self.state, decision)
        self.last = asked.id
        return decision

    def command(self, verb: str, round_id: str, **payload: Any) -> Decided:
        if verb not in ("start", "skip", "plan"):
            payload.setdefault("epoch", self.round(round_id)["epoch"])
        return self.do(f"round.{verb}", round=round_id, **payload)

    def zero(self, round_id: str, contents: Contents | None = None) -> Decided:
        """The clock closes the round just past its deadline."""
        deadline = deadline_ms(self.round(round_id))
        self.now_ms = deadline + 1
        epoch = self.round(round_id)["epoch"]
        return self.do("round.close", CLOCK, contents, round=round_id, epoch=epoch, deadline_ms=deadline)

    def round(self, round_id: str) -> dict[str, Any]:
        return self.state["rounds"][round_id]

    def agenda(self) -> list[str]:
        return [r["id"] for r in sorted(self.state["rounds"].values(), key=lambda r: r["order"])]
