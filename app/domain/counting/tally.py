"""From ballots to a tally: totals, ranks with ties, and the split by side where the rule of the threats file allows it.

Every figure that will ever be shown is computed here, once: afterwards the ballots are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.domain.counting import METHODS
from app.domain.counting.method import Method
from app.domain.operations import Ballot
from app.domain.records import Record

SIDES = ("internal", "external")
# Five voters a side at the least: as health networks do. May be raised, never lowered.
MIN_VOTERS = 5


def tally(round_: Record, ballots: Sequence[Ballot]) -> Record:
    """The tally record of a round.

    Shape:  rows in the order of the frozen targets; `rank` counts within a factor from 1, equal totals share it
            ("1224" ranking); `counts` is value -> how many ballots, over all voters.
    """
    method = METHODS[round_["method"]]
    voters = Counter(ballot.side for ballot in ballots if ballot.choices)
    split = all(voters[side] >= MIN_VOTERS for side in SIDES)
    rows = [_row(target, round_, method, ballots) for target in round_["ballot"]]
    _rank(rows, by_factor=round_["targets"] != "factors")
    return {
        "id": f"{round_['id']}:{round_['epoch']}",
        "round": round_["id"],
        "epoch": round_["epoch"],
        "method": round_["method"],
        "seats": round_["roster"],
        "ballots": len(ballots),
        "split": split,
        "voters": {side: voters[side] for side in SIDES} if split else None,
        "rows": rows,
    }


def _row(target: dict[str, str], round_: Record, method: Method, ballots: Sequence[Ballot]) -> dict[str, Any]:
    total = 0
    by_side: Counter[str | None] = Counter()
    counts: Counter[str] = Counter()
    for ballot in ballots:
        if target["id"] in ballot.choices:
            choice = ballot.choices[target["id"]]
            total += method.value(choice)
            by_side[ballot.side] += method.value(choice)
            counts[str(choice)] += 1
    shown = _may_split(target, round_, ballots)
    return {
        "target": target["id"],
        "factor": target["factor"],
        "total": total,
        "counts": dict(sorted(counts.items())),
        "internal": by_side["internal"] if shown else None,
        "external": by_side["external"] if shown else None,
    }


def _may_split(target: dict[str, str], round_: Record, ballots: Sequence[Ballot]) -> bool:
    """Whether the sides' figures of a target leave every voter both possibilities.

    Each side needs enough voters who had a say here: who chose anything under the target's factor (people of other tables, or
    who left the factor out, hide nobody). And no side may be of one mind: its figure would tell what each of them chose.
    Both are withheld together, for the total and one side give the other.
    """
    near = {t["id"] for t in round_["ballot"] if t["factor"] == target["factor"]}
    if round_["targets"] == "factors":
        near = {t["id"] for t in round_["ballot"]}
    for side in SIDES:
        chosen = [b.choices.get(target["id"]) for b in ballots if b.side == side and near & b.choices.keys()]
        if len(chosen) < MIN_VOTERS or len({str(choice) for choice in chosen}) == 1:
            return False
    return True


def _rank(rows: list[dict[str, Any]], *, by_factor: bool) -> None:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["factor"] if by_factor else "*", []).append(row)
    for group in groups.values():
        totals = [row["total"] for row in group]
        for row in group:
            row["rank"] = 1 + sum(total > row["total"] for total in totals)
            row["tied"] = totals.count(row["total"]) > 1
