"""Consent: agree, agree with a reserve, or opposed. The total counts those who agree; the three shares stand beside it."""

from __future__ import annotations

from app.domain.counting.method import Choices, Method, Targets
from app.domain.errors import Rejected
from app.domain.records import Record

ANSWERS = ("agree", "reserve", "opposed")


def check(choices: Choices, round_: Record, targets: Targets) -> None:
    """Raises: Rejected("bad_payload")."""
    if any(answer not in ANSWERS for answer in choices.values()):
        raise Rejected("bad_payload", fields=["choices"])


METHOD = Method(check, lambda answer: int(answer == "agree"))
