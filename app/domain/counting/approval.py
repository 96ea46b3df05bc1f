"""Approval: any number of targets, one mark each. Source: Brams & Fishburn 1978."""

from __future__ import annotations

from app.domain.counting.method import Choices, Method, Targets
from app.domain.errors import Rejected
from app.domain.records import Record


def check(choices: Choices, round_: Record, targets: Targets) -> None:
    """Raises: Rejected("bad_payload")."""
    if any(mark is not True for mark in choices.values()):
        raise Rejected("bad_payload", fields=["choices"])


METHOD = Method(check, lambda mark: 1)
