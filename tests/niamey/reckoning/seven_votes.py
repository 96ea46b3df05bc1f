"""The seven votes of the two days, and which groups got a sheet by them."""

from __future__ import annotations

from functools import cache

from tests.niamey import files
from tests.niamey.files import Figure, factor_of
from tests.niamey.reckoning.count import count
from tests.niamey.reckoning.vote import WHOLE, Vote


@cache
def votes() -> tuple[Vote, ...]:
    """In the order of the agenda; what one is about follows from those before it."""
    factors = {row["factor_id"]: WHOLE for row in files.rows("factors")}
    a5 = Vote("A5", "score_1_5", factors, files.scores_of_a5())
    v1 = Vote("V1", "points", _on_v1(), files.points_of_v1(), 3)
    again = sorted(files.flagged(figures(v1)))
    d3 = Vote("D3", "points", {c: factor_of(c) for c in again}, files.points_of_d3(again), 3, epoch=2)
    short = files.shortlist(figures(v1), figures(d3))
    whole = dict.fromkeys(short, WHOLE)
    e1 = Vote("E1", "criteria_1_5:impact+feasibility", whole, files.ratings_of_e1(short))
    e4 = Vote("E4", "rank", whole, files.ranks_of_e4(short), 5)
    kept = sheets_of(e4)
    cast = files.consent_of_g4(kept)
    g4 = Vote("G4", "consent", {f"sheet {c}": WHOLE for c in kept}, {
        voter: {f"sheet {c}": answer for c, answer in given.items()} for voter, given in cast.items()
    })  # fmt: skip
    asked = len(questions())
    answers = files.answers_of_g8(asked)
    g8 = Vote("G8", "score_1_5", {f"G8.q{n}": WHOLE for n in range(1, asked + 1)}, {
        voter: {f"G8.q{n}": score for n, score in given.items()} for voter, given in answers.items()
    })  # fmt: skip
    return a5, v1, d3, e1, e4, g4, g8


def _on_v1() -> dict[str, str]:
    """Clusters that were not merged, and the cards that stand alone and are actions."""
    stand = {c: factor_of(c) for c in files.clusters() if c not in files.GONE_IN_V1}
    noise = files.by_id("noise_cards", "noise_id")
    alone = {
        name: files.REFILED.get(name, noise[name]["factor_id"])
        for name in files.lone_cards()
        if name not in files.KIND_OF
    }
    return stand | alone


def figures(vote: Vote) -> list[Figure]:
    return [
        Figure(one.target, one.bucket, one.total, one.rank, divergent="divergent" in one.marks)
        for one in count(vote).values()
    ]


def sheets_of(e4: Vote) -> list[str]:
    chosen = files.top(figures(e4))
    return [cluster for place, cluster in enumerate(chosen) if place != files.DROPPED_SHEET]


def questions() -> list[str]:
    row = files.by_id("agenda", "round_id")["G8"]
    return [part.strip() for part in row["questions_fr"].split("|")]


@cache
def made_sheets() -> list[str]:
    """The clusters that got a sheet, in the order of the sheets' numbers."""
    return files.top(figures(votes()[4]))


@cache
def kept_sheets() -> list[str]:
    return sheets_of(votes()[4])
