"""The shape of a way of voting, and what a round says of its vote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.errors import Rejected
from app.domain.records import Record

Choices = Mapping[str, Any]
# target id -> the bucket its points come from
Targets = Mapping[str, str]
# Where the votes of one list lie together: one budget, one ranking.
WHOLE = "*"
# One number per criterion, None where nothing was said of it; a single one for every other method.
Measures = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """A round's method and limits. Shape: `options` is what stands behind the method's colon, as in `points:round`."""

    method: str
    options: tuple[str, ...]
    points: int
    cap: int


@dataclass(frozen=True, slots=True)
class Method:
    """A way of voting.

    Shape: `check` gives the ballot as it is kept, or raises Rejected with what is over; `row` is what a target's row
           holds, from the answers it got (`value` is the figure the bar shows); greater `key`s stand first; `measures` is
           what one answer adds to the figure. `settings` names what a round may set: points, cap, scope, criteria.
           `is_mean`: the figure is a mean, else a sum; `blank_is_zero`: leaving a target out says something of it;
           `has_budget`: what one target gets another does not; of it n on one target cost n to the `power`, and it is the
           round's points unless the method has a `limit` of its own. `bytes_of` bounds one answer, `text_bytes` a ballot's texts;
           `essence` is what two people who read one answer off one paper must agree in.
    """

    name: str
    words: Mapping[str, str]
    check: Callable[[Choices, Vote, Targets], Choices]
    row: Callable[[Sequence[Any], Vote], dict[str, Any]]
    key: Callable[[Mapping[str, Any]], tuple[int | Fraction, ...]]
    measures: Callable[[Any, Vote], Measures]
    settings: tuple[str, ...] = ()
    scope: str = ""
    is_mean: bool = False
    blank_is_zero: bool = True
    has_budget: bool = False
    power: int = 0
    limit: int = 0
    bytes_of: Callable[[Vote], int] = lambda vote: 8
    text_bytes: int = 0
    essence: Callable[[Any], Any] = lambda choice: choice


def split_name(written: str) -> tuple[str, tuple[str, ...]]:
    """A method and its options: "criteria_1_5:impact+feasibility"."""
    name, _, options = written.partition(":")
    return name, tuple(options.split("+")) if options else ()


def vote_of(round_: Record) -> Vote:
    name, options = split_name(round_["method"] or "")
    return Vote(name, options, round_["points"], round_["cap"])


def by_total(row: Mapping[str, Any]) -> tuple[int | Fraction, ...]:
    return (row["total"],)


def spent_within(spent: Mapping[str, int], limit: int) -> None:
    """Raises: Rejected("over_points", factor, left) for the first bucket that holds more than the limit."""
    for factor, points in spent.items():
        if points > limit:
            raise Rejected("over_points", factor=factor, left=limit - points)


def whole_number(value: Any, low: int, high: int) -> int:
    """Raises: Rejected("bad_payload"). True is an int in Python; on a ballot it is a mistake."""
    if type(value) is not int or not low <= value <= high:
        raise Rejected("bad_payload", fields=["choices"])
    return value
