"""The practice crowd votes in every way there is, and its ballots are taken like anybody's."""

from __future__ import annotations

from random import Random

import pytest

from app.crowd import Crowd
from app.domain.counting import METHODS
from app.domain.kinds.ballots import cast
from app.domain.operations import Context
from app.domain.records import empty_state
from tests.seminar import round_plan, seat


@pytest.mark.parametrize("on", ["clusters", "questions"])
@pytest.mark.parametrize("method", METHODS)
def test_a_simulated_seat_casts_a_ballot_that_counts(method: str, on: str) -> None:
    ballot = [{"table": on, "id": f"t{n}", "factor": "F01" if on == "clusters" else ""} for n in range(8)]
    plan = round_plan("vote", "vote", method=method, targets=on, points=4, cap=2, at_zero="ring")
    live = {**plan, "state": "running", "epoch": 1, "ballot": ballot, "ends_at_ms": 0}
    state = {**empty_state(), "rounds": {"vote": live}}
    crowd = Crowd([seat(n) for n in range(1, 13)], [], Random(1))
    sent = [step for _ in range(4) for step in crowd.step(state)]
    assert sent
    for actor, operation in sent:
        drop = cast(state, operation.payload, actor, Context(now_ms=0), operation.id)
        assert drop.body, "an empty ballot shows nothing"
