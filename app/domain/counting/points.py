"""Points: a budget per factor or for the whole round, a cap per target; a hundred points to share; and quadratic voting,
where n votes for one target cost n squared.

Sources: cumulative voting (Sawyer & MacRae 1962); constant-sum allocation (Metfessel 1947); Lalley & Weyl 2018 for the square.
Votes against do not exist: who is against says so where there is consent to give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.domain.counting.method import (
    Choices,
    Measures,
    Method,
    Targets,
    Vote,
    by_total,
    spent_within,
    whole_number,
)
from app.domain.errors import Rejected

MOST_POINTS = 1000
HUNDRED = 100


def _check(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    return _within(choices, targets, vote.points, vote.cap or vote.points)


def _check_hundred(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    return _within(choices, targets, HUNDRED, HUNDRED)


def _within(choices: Choices, targets: Targets, budget: int, cap: int) -> Choices:
    """Raises: Rejected("over_cap", cap, target), Rejected("over_points", factor, left), Rejected("bad_payload")."""
    spent: Counter[str] = Counter()
    for target, points in choices.items():
        if whole_number(points, 0, MOST_POINTS) > cap:
            raise Rejected("over_cap", cap=cap, target=target)
        spent[targets[target]] += points
    spent_within(spent, budget)
    return choices


def _check_squares(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """Raises: Rejected("over_points", factor, left), Rejected("bad_payload")."""
    spent: Counter[str] = Counter()
    for target, votes in choices.items():
        spent[targets[target]] += whole_number(votes, 0, MOST_POINTS) ** 2
    spent_within(spent, vote.points)
    return choices


def _row(answers: Sequence[Any], vote: Vote) -> dict[str, Any]:
    total = sum(answers)
    return {"total": total, "value": total, "counts": Counter(map(str, answers)), "answers": len(answers)}


def _measures(points: Any, vote: Vote) -> Measures:
    return (points,)


POINTS = Method(
    "points",
    {"fr": "Points", "en": "Points"},
    _check,
    _row,
    by_total,
    _measures,
    settings=("points", "cap", "scope"),
    scope="factor",
    has_budget=True,
    power=1,
)
HUNDRED_POINTS = Method(
    "hundred",
    {"fr": "Cent points à répartir", "en": "A hundred points to share"},
    _check_hundred,
    _row,
    by_total,
    _measures,
    scope="round",
    has_budget=True,
    power=1,
    limit=HUNDRED,
)
QUADRATIC = Method(
    "quadratic",
    {"fr": "Vote quadratique", "en": "Quadratic voting"},
    _check_squares,
    _row,
    by_total,
    _measures,
    settings=("points", "scope"),
    scope="round",
    has_budget=True,
    power=2,
)
