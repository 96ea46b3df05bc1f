"""Approval: any number of targets, one mark each; and the same with at most k marks.

Sources: Brams & Fishburn 1978 for approval; limited voting (block vote) for k marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.domain.counting.method import Choices, Measures, Method, Targets, Vote, by_total
from app.domain.errors import Rejected


def _check(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """Raises: Rejected("bad_payload")."""
    if any(mark is not True for mark in choices.values()):
        raise Rejected("bad_payload", fields=["choices"])
    return choices


def _check_at_most(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """Raises: Rejected("over_choices", factor, most, over), Rejected("bad_payload")."""
    _check(choices, vote, targets)
    for factor, marks in Counter(targets[target] for target in choices).items():
        if marks > vote.points:
            raise Rejected("over_choices", factor=factor, most=vote.points, over=marks - vote.points)
    return choices


def _row(answers: Sequence[Any], vote: Vote) -> dict[str, Any]:
    n = len(answers)
    return {"total": n, "value": n, "counts": {"yes": n} if n else {}, "answers": n}


def _measures(mark: Any, vote: Vote) -> Measures:
    return (1,)


APPROVAL = Method("approval", {"fr": "Approbation", "en": "Approval"}, _check, _row, by_total, _measures)
CHOOSE = Method(
    "choose",
    {"fr": "Choisir quelques-unes", "en": "Choose a few"},
    _check_at_most,
    _row,
    by_total,
    _measures,
    settings=("points", "scope"),
    scope="round",
    has_budget=True,
    power=1,
)
