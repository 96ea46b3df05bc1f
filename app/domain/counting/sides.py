"""The two sides apart: when a figure may be shown, and what follows from it. Nothing here may tell what one voter chose.

A target's figures are shown for both sides or for neither, since the total and one side give the other. Each side needs
enough voters who had a say, and may not be nearly of one mind: were only a side withheld that is wholly so, the gap itself
would say it. Where a budget ties the targets of a list together, the figures shown and what everybody had to spend may give
away one that is withheld: then more are withheld, the smallest first, until none can be told.
Divergence and agreement across the sides are made of shown figures alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.counting.agreement import across
from app.domain.counting.method import Measures, Method, Vote
from app.domain.counting.scores import HIGHEST, LOWEST
from app.domain.operations import Ballot

SIDES = ("internal", "external")
# Five voters a side at the least: as health networks do. May be raised, never lowered.
MIN_VOTERS = 5
# A side of which this share gave the same answer is nearly of one mind.
ONE_MIND = 0.8
# On lists with a budget, smaller sides are shown on all targets or on none; larger ones where at least so many figures are
# withheld, and each could lie anywhere within this share of the side's voters.
MIN_TO_PART = 10
MIN_HIDDEN = 3
CLEARLY = 0.3
# A difference of this share of a side's voice is worth a debate, when enough voted on both.
DIVERGENT_POINTS = 15
MIN_VOTERS_TO_DIVERGE = 8

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """What a side said of one target: its answers, and what its voters measured, blanks included where they count."""

    answers: list[Any]
    measures: list[Measures]

    @property
    def may_be_shown(self) -> bool:
        """Enough voters on every criterion, and on none nearly of one mind."""
        columns = list(zip(*self.measures, strict=True))
        said = [[measure for measure in column if measure is not None] for column in columns]
        return bool(said) and all(
            len(some) >= MIN_VOTERS and max(Counter(some).values()) < ONE_MIND * len(some) for some in said
        )


def voice_of(target: str, bucket: set[str], method: Method, vote: Vote, ballots: Sequence[Ballot]) -> Voice:
    """Who had a say here: who chose anything of the target's list. Others hide nobody."""
    answers = [ballot.choices[target] for ballot in ballots if target in ballot.choices]
    measures = [method.measures(answer, vote) for answer in answers]
    if method.blank_is_zero:
        near = sum(not bucket.isdisjoint(ballot.choices) for ballot in ballots)
        measures += [(0,)] * (near - len(answers))
    return Voice(answers, measures)


def split(rows: Sequence[Row], method: Method, vote: Vote, ballots: Sequence[Ballot]) -> None:
    """Writes into every row `internal` and `external` (None: withheld), `divergence` and `across`."""
    by_side = {side: [ballot for ballot in ballots if ballot.side == side] for side in SIDES}
    for bucket in dict.fromkeys(row["bucket"] for row in rows):
        listed = [row for row in rows if row["bucket"] == bucket]
        ids = {row["target"] for row in listed}
        voices = {
            row["target"]: {side: voice_of(row["target"], ids, method, vote, by_side[side]) for side in SIDES}
            for row in listed
        }
        shown = _shown(listed, voices, method, vote)
        for row in listed:
            _write(row, voices[row["target"]] if row["target"] in shown else None, method, vote)
        _compare([row for row in listed if row["target"] in shown], voices, method)


Voices = Mapping[str, Mapping[str, Voice]]


def _figure(voice: Voice) -> int:
    return sum(measure for measures in voice.measures for measure in measures if measure is not None)


def _shown(rows: Sequence[Row], voices: Voices, method: Method, vote: Vote) -> set[str]:
    shown = {target for target, sides in voices.items() if all(v.may_be_shown for v in sides.values())}
    if not method.has_budget:
        return shown
    # A target nobody chose is withheld, and everyone knows what the sides gave it.
    totals = {row["target"]: row["total"] for row in rows if row["total"]}
    voters = {side: max(len(sides[side].measures) for sides in voices.values()) for side in SIDES}
    unspent = _unspent(sum(totals.values()), sum(voters.values()), method, vote)
    while shown:
        hidden = {target: totals[target] for target in totals if target not in shown}
        if not hidden or (min(voters.values()) >= MIN_TO_PART and _is_open(hidden, voices, voters, unspent)):
            break
        least = min(totals[target] for target in shown)
        shown -= {target for target in shown if totals[target] == least}
    return shown


def _unspent(given: int, voters: int, method: Method, vote: Vote) -> int:
    """What was left over on a list. Where that cannot be said, as if nothing was."""
    budget = method.limit or vote.points
    return budget * voters - given if method.power == 1 else 0


def _is_open(hidden: Mapping[str, int], voices: Voices, voters: Mapping[str, int], unspent: int) -> bool:
    """Whether every withheld figure could be clearly otherwise, for somebody who knows all that is shown and what there was
    to spend: a side's figure then lies between bounds that are a good share of its voters apart."""
    if len(hidden) < MIN_HIDDEN:
        return False
    for side in SIDES:
        given = sum(_figure(voices[target][side]) for target in hidden)
        for total in hidden.values():
            least = max(0, given - unspent - (sum(hidden.values()) - total))
            most = min(total, given + unspent)
            if most - least < CLEARLY * voters[side]:
                return False
    return True


def _write(row: Row, sides: Mapping[str, Voice] | None, method: Method, vote: Vote) -> None:
    row["divergence"] = row["across"] = None
    for side in SIDES:
        figures = method.row(sides[side].answers, vote) if sides else None
        row[side] = figures["value"] if figures else None
        for criterion, own in row.get("criteria", {}).items():
            own[side] = figures["criteria"][criterion]["value"] if figures else None


def _compare(rows: Sequence[Row], voices: Voices, method: Method) -> None:
    """Divergence in percentage points of share; agreement across the sides where a voter agrees or not.

    In fractions: with floats, 12 of 20 against 9 of 20 would fall short of fifteen points.
    """
    given = {side: sum(_figure(voices[row["target"]][side]) for row in rows) for side in SIDES}
    for row in rows:
        sides = voices[row["target"]]
        voters = {side: len(sides[side].measures) for side in SIDES}
        if method.is_mean:
            share = {side: (_mean(sides[side]) - LOWEST) / (HIGHEST - LOWEST) for side in SIDES}
        else:
            whole = given if method.has_budget else voters
            share = {side: Fraction(_figure(sides[side]), whole[side] or 1) for side in SIDES}
        if not method.is_mean and not method.has_budget:
            row["across"] = round(across((row[side], voters[side]) for side in SIDES), 4)
        points = 100 * abs(share["internal"] - share["external"])
        row["divergence"] = round(float(points), 1)
        if points >= DIVERGENT_POINTS and min(voters.values()) >= MIN_VOTERS_TO_DIVERGE:
            row["marks"].append("divergent")


def _mean(voice: Voice) -> Fraction:
    """The mean of what was said; of the criteria's means where there are several."""
    columns = [[m for m in column if m is not None] for column in zip(*voice.measures, strict=True)]
    return sum((Fraction(sum(said), len(said)) for said in columns), Fraction()) / len(columns)
