"""Points: a budget per factor (or for the whole round where targets are factors), a cap per target. Cumulative voting."""

from __future__ import annotations

from collections import Counter

from app.domain.counting.method import Choices, Method, Targets
from app.domain.errors import Rejected
from app.domain.records import Record


def budget_bucket(round_: Record, factor: str) -> str:
    """Where a target's points are counted: its factor, or the whole round when the factors themselves are ranked."""
    return "*" if round_["targets"] == "factors" else factor


def check(choices: Choices, round_: Record, targets: Targets) -> None:
    """Raises: Rejected("over_cap", cap), Rejected("over_points", factor, left), Rejected("bad_payload")."""
    cap = round_["cap"] or round_["points"]
    spent: Counter[str] = Counter()
    for target, points in choices.items():
        if type(points) is not int or points < 0:
            raise Rejected("bad_payload", fields=["choices"])
        if points > cap:
            raise Rejected("over_cap", cap=cap, target=target)
        spent[budget_bucket(round_, targets[target])] += points
    for factor, points in spent.items():
        if points > round_["points"]:
            raise Rejected("over_points", factor=factor, left=round_["points"] - points)


METHOD = Method(check, int)
