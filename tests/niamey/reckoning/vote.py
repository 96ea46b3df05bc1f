"""A vote with its ballots, what is known of a target after the count, and the figure of a target over some of the voters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.niamey import files
from tests.niamey.files import SIDES

Ballots = Mapping[str, Mapping[str, Any]]


CRITERIA = ("impact", "feasibility")


WHOLE = "*"


@dataclass(frozen=True)
class Vote:
    """One vote. Shape: `targets` is target -> the list it stands in; `ballots` is voter -> target -> answer."""

    round: str
    method: str
    targets: Mapping[str, str]
    ballots: Ballots
    points: int = 0
    epoch: int = 1

    @property
    def criteria(self) -> tuple[str, ...]:
        return CRITERIA if self.method.startswith("criteria") else ("",)

    @property
    def is_mean(self) -> bool:
        return self.method in ("score_1_5", "criteria_1_5:impact+feasibility")

    @property
    def blank_is_zero(self) -> bool:
        return self.method in ("points", "rank")

    def worth(self, answer: Any, criterion: str) -> int | None:
        """What one answer adds to the figure; None for "don't know"."""
        match self.method:
            case "rank":
                return self.points + 1 - int(answer)
            case "consent":
                return int(answer == "agree")
            case "criteria_1_5:impact+feasibility":
                said: int | None = answer.get(criterion)
                return said
            case _:
                return int(answer)

    @property
    def lists(self) -> list[list[str]]:
        """The targets that are ranked together."""
        found: dict[str, list[str]] = defaultdict(list)
        for target, bucket in self.targets.items():
            found[bucket].append(target)
        return list(found.values())

    def answers(self, target: str, voters: Iterable[str]) -> list[Any]:
        return [self.ballots[voter][target] for voter in voters if target in self.ballots[voter]]

    def worths(self, target: str, criterion: str, voters: Iterable[str]) -> list[int]:
        """What those said who had a say on the target's list, blanks as nothing where leaving out says something."""
        listed = {other for other, bucket in self.targets.items() if bucket == self.targets[target]}
        found = []
        for voter in voters:
            given = self.ballots[voter]
            if target in given:
                worth = self.worth(given[target], criterion)
                found += [] if worth is None else [worth]
            elif self.blank_is_zero and listed & given.keys():
                found.append(0)
        return found


@dataclass
class Result:
    """What is known of one target after the count."""

    target: str
    bucket: str
    total: int
    answers: int
    key: tuple[Fraction | int, ...]
    value: float | int | None
    counts: dict[str, int]
    rank: int = 0
    tied: bool = False
    sides: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(SIDES))
    divergence: float | None = None
    across: float | None = None
    interval: tuple[int, int] | None = None
    agreement: float | None = None
    first: int | None = None
    schulze: int | None = None
    quadrant: str = ""
    marks: set[str] = field(default_factory=set)
    criteria: str = ""


def of_side(side: str, ballots: Ballots) -> list[str]:
    return [voter for voter in ballots if files.people()[voter]["group"] == side]


def mean(values: Sequence[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def exact(vote: Vote, target: str, voters: Sequence[str]) -> Fraction | None:
    """The figure of a target over some of the voters: a sum, or the mean of the criteria's means."""
    if not vote.is_mean:
        return Fraction(sum(vote.worths(target, "", voters)))
    means = [mean(vote.worths(target, criterion, voters)) for criterion in vote.criteria]
    known = [m for m in means if m is not None]
    return sum(known, Fraction()) / len(known) if len(known) == len(means) else None


def figure(vote: Vote, target: str, voters: Sequence[str]) -> float | int | None:
    """The same as it is printed."""
    found = exact(vote, target, voters)
    if found is None:
        return None
    return round(float(found), 4) if vote.is_mean else int(found)
