"""Scores from 1 to 5, each target on its own; leaving one out means "don't know"."""

from __future__ import annotations

from app.domain.counting.method import Choices, Method, Targets
from app.domain.errors import Rejected
from app.domain.records import Record

LOWEST, HIGHEST = 1, 5


def check(choices: Choices, round_: Record, targets: Targets) -> None:
    """Raises: Rejected("bad_payload")."""
    for score in choices.values():
        if type(score) is not int or not LOWEST <= score <= HIGHEST:
            raise Rejected("bad_payload", fields=["choices"])


METHOD = Method(check, int)
