"""Rank-k: choose at most k targets and put them in order. Counted by Borda; Schulze's order stands beside it.

Sources: Borda 1784, the first of k places worth k points, the last one 1, and what is left out nothing, however many a
voter ranked (so that ranking fewer never gives more weight); Schulze 2011 in `schulze.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.domain.counting.method import Choices, Measures, Method, Targets, Vote, by_total
from app.domain.errors import Rejected


def _check(choices: Choices, vote: Vote, targets: Targets) -> Choices:
    """The places are 1, 2, 3 ... without a gap. Raises: Rejected("over_choices", most, over), Rejected("bad_payload")."""
    if any(type(place) is not int for place in choices.values()):
        raise Rejected("bad_payload", fields=["choices"])
    if len(choices) > vote.points:
        raise Rejected("over_choices", most=vote.points, over=len(choices) - vote.points)
    if sorted(choices.values()) != list(range(1, len(choices) + 1)):
        raise Rejected("bad_payload", fields=["choices"])
    return choices


def _measures(place: Any, vote: Vote) -> Measures:
    return (vote.points + 1 - place,)


def _row(answers: Sequence[Any], vote: Vote) -> dict[str, Any]:
    total = sum(vote.points + 1 - place for place in answers)
    counts = Counter(map(str, answers))
    return {"total": total, "value": total, "counts": counts, "answers": len(answers), "first": counts["1"]}


RANK = Method(
    "rank",
    {"fr": "Choisir et classer", "en": "Choose and rank"},
    _check,
    _row,
    by_total,
    _measures,
    settings=("points",),
    scope="round",
    has_budget=True,
)
