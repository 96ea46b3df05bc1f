"""The rows of the results: of every vote, and of the one show of hands."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tests.niamey import files
from tests.niamey.reckoning.cells import Row, number, out
from tests.niamey.reckoning.count import count
from tests.niamey.reckoning.labels import kind_and_factor, label, numbered
from tests.niamey.reckoning.seven_votes import votes
from tests.niamey.reckoning.vote import WHOLE, Result, Vote


@cache
def vote_rows(order: Callable[[str], Any]) -> list[Row]:
    return [_vote_row(vote, one) for vote in votes() for one in count(vote, order).values()]


def _vote_row(vote: Vote, one: Result) -> Row:
    named = files.by_id("agenda", "round_id")[vote.round]
    kind, factor = kind_and_factor(one.target)
    low, high = one.interval or (None, None)
    return {
        "round": vote.round,
        "epoch": str(vote.epoch),
        "round_fr": named["name_fr"],
        "round_en": named["name_en"],
        "method": vote.method,
        "seats": str(len(files.people())),
        "ballots": str(len(vote.ballots)),
        "on_paper": _from_five_up(len(vote.ballots.keys() & set(files.on_paper(vote.round)))),
        "paper_unconfirmed": "0",
        "paper_overruled": "0",
        "target_kind": kind,
        "target_id": one.target,
        "target_label": out(label(one.target)),
        "factor_id": factor,
        "factor_number": numbered(factor),
        "total": str(one.total),
        "internal": number(one.sides["internal"]),
        "external": number(one.sides["external"]),
        "rank": str(one.rank),
        "rank_within": "round" if one.bucket == WHOLE else "factor",
        "tied": "yes" if one.tied else "no",
        "counts": " ".join(f"{answer}={many}" for answer, many in one.counts.items()),
        "value": number(one.value),
        "answers": str(one.answers),
        "rank_low": number(low),
        "rank_high": number(high),
        "agreement": number(one.agreement),
        "divergence": number(one.divergence),
        "across": number(one.across),
        "first_choices": number(one.first),
        "schulze_rank": number(one.schulze),
        "quadrant": one.quadrant,
        "marks": " ".join(sorted(one.marks)),
        "criteria": one.criteria,
    }


def _from_five_up(many: int) -> str:
    return str(many) if many >= 5 else ""


def hand_rows() -> list[Row]:
    """The one show of hands, at one table, on the first vote."""
    named = files.by_id("agenda", "round_id")["V1"]
    number = files.HANDS_AT.removeprefix("T")
    return [
        {
            "round": "V1",
            "epoch": "1",
            "round_fr": named["name_fr"],
            "round_en": named["name_en"],
            "table": files.HANDS_AT,
            "table_fr": f"Table {number}",
            "table_en": f"Table {number}",
            "people": str(files.HANDS_PRESENT),
            "target_kind": "clusters",
            "target_id": cluster,
            "target_label": out(label(cluster)),
            "hands": str(raised),
            "secret": "no",
        }
        for cluster, raised in files.HANDS_ON_V1.items()
    ]
