"""From ballots to a tally: figures, places with ties and their intervals, and the sides apart where that may be shown.

Every figure that will ever be shown is computed here, once: afterwards the ballots are gone. Where a list needs an order
among equals it is that of the list that was voted on: printed beside it, and nobody's merit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.counting import bucket_of, method_of
from app.domain.counting.agreement import agreement
from app.domain.counting.consent import ANSWERS
from app.domain.counting.intervals import rank_intervals
from app.domain.counting.method import Method, Vote, vote_of
from app.domain.counting.schulze import schulze_places
from app.domain.counting.scores import HIGHEST, LOWEST, SCALE
from app.domain.counting.sides import MIN_VOTERS, SIDES, split
from app.domain.operations import Ballot, SetAside
from app.domain.records import Record

# Fewer answers than this neither agree nor disagree.
MIN_ANSWERS = 8
# Less agreement than if the answers were spread evenly over the scale.
LOW_AGREEMENT = {
    "scores": agreement([1] * len(SCALE)) or 0.0,
    "consent": agreement([1] * len(ANSWERS)) or 0.0,
}
NOTHING_ASIDE = SetAside()
MIDDLE = Fraction(LOWEST + HIGHEST, 2)


def tally(round_: Record, ballots: Sequence[Ballot], set_aside: SetAside = NOTHING_ASIDE) -> Record:
    """The tally record of a round.

    Shape:  rows in the order of the frozen targets; `rank` counts within a bucket from 1, equals share it ("1224"
            ranking); `low` and `high` are the places its interval spans; `counts` is answer -> how many ballots, over all
            voters; `marks` are among divergent, low_agreement, quick_win and schulze_differs. `paper` says how many of the
            ballots came on paper, None below five of them, and how many sheets did not count, and why.
    """
    method, vote = method_of(round_), vote_of(round_)
    # Blank ballots too: how many of a side chose anything would tell of a short list that all of them chose it.
    voters = Counter(ballot.side for ballot in ballots)
    both = all(voters[side] >= MIN_VOTERS for side in SIDES)
    rows = [_row(target, round_, method, vote, ballots) for target in round_["ballot"]]
    _rank(rows, method)
    _intervals(rows, method, vote, ballots)
    _mark(rows, method)
    if method.name == "rank":
        _beside_schulze(rows, ballots)
    split(rows, method, vote, ballots)
    return {
        "id": f"{round_['id']}:{round_['epoch']}",
        "round": round_["id"],
        "epoch": round_["epoch"],
        "method": round_["method"],
        "seats": round_["roster"],
        "ballots": len(ballots),
        "split": both,
        "voters": {side: voters[side] for side in SIDES} if both else None,
        "paper": _paper(ballots, set_aside),
        "rows": rows,
    }


def _paper(ballots: Sequence[Ballot], set_aside: SetAside) -> dict[str, int | None]:
    on_paper = sum(ballot.on_paper for ballot in ballots)
    return {
        "counted": on_paper if on_paper >= MIN_VOTERS else None,
        "unconfirmed": set_aside.unconfirmed,
        "overruled": set_aside.overruled,
    }


def _row(
    target: Mapping[str, Any], round_: Record, method: Method, vote: Vote, ballots: Sequence[Ballot]
) -> dict[str, Any]:
    answers = [ballot.choices[target["id"]] for ballot in ballots if target["id"] in ballot.choices]
    figures = method.row(answers, vote)
    row = {
        "target": target["id"],
        "table": target["table"],
        "factor": target["factor"],
        "bucket": bucket_of(round_, target["factor"]),
        **figures,
        "counts": dict(sorted(figures["counts"].items())),
        "marks": [],
    }
    return row | ({"words": target["words"]} if "words" in target else {})


def _rank(rows: list[dict[str, Any]], method: Method) -> None:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["bucket"], []).append(row)
    for group in groups.values():
        keys = [method.key(row) for row in group]
        for row, key in zip(group, keys, strict=True):
            row["rank"] = 1 + sum(other > key for other in keys)
            row["tied"] = keys.count(key) > 1


def _intervals(rows: list[dict[str, Any]], method: Method, vote: Vote, ballots: Sequence[Ballot]) -> None:
    buckets = {row["target"]: row["bucket"] for row in rows}
    measured = [
        {target: method.measures(choice, vote) for target, choice in ballot.choices.items()}
        for ballot in ballots
    ]
    found = rank_intervals(buckets, measured, is_mean=method.is_mean)
    for row in rows:
        row["low"], row["high"] = found.get(row["target"], (None, None))


def _mark(rows: list[dict[str, Any]], method: Method) -> None:
    """Where people disagree, and what would give much for little."""
    bound = LOW_AGREEMENT["consent" if method.name == "consent" else "scores"]
    for row in rows:
        scales = [row, *row.get("criteria", {}).values()]
        if any(s["answers"] >= MIN_ANSWERS and s.get("agreement", 1) < bound for s in scales):
            row["marks"].append("low_agreement")
        if "criteria" in row:
            row["quadrant"] = quadrant(row["criteria"])
            if row["quadrant"] == "quick_win":
                row["marks"].append("quick_win")


def quadrant(criteria: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Where an action stands between impact and feasibility: the middle of the scale parts high from low, and counts as high."""
    if criteria.keys() != {"impact", "feasibility"} or not all(c["answers"] for c in criteria.values()):
        return None
    high = {name: Fraction(c["total"], c["answers"]) >= MIDDLE for name, c in criteria.items()}
    if high["impact"]:
        return "quick_win" if high["feasibility"] else "major_work"
    return "small_step" if high["feasibility"] else "not_now"


def _beside_schulze(rows: list[dict[str, Any]], ballots: Sequence[Ballot]) -> None:
    """Schulze's place beside Borda's, and a mark where the two disagree about who stands before whom."""
    places = schulze_places([row["target"] for row in rows], [ballot.choices for ballot in ballots])
    for row in rows:
        row["schulze"] = places[row["target"]]
        if row["schulze"] != row["rank"]:
            row["marks"].append("schulze_differs")
