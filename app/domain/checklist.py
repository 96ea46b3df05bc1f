"""Before a round starts: what is odd about it, told to the facilitator, who decides. Pure; nothing here forbids anything.

A check is one function from the board and the round to findings. Another one is written below and added to `CHECKS`; the
console has a sentence for each code (`views/console/checklist.js`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.domain import rounds
from app.domain.duplicates import unsettled
from app.domain.errors import Rejected
from app.domain.kinds.ballots import targets_of
from app.domain.records import Record, State, cards_of


@dataclass(frozen=True, slots=True)
class Finding:
    """Shape: `factor` and `round` say where, when it is somewhere; `count` how many."""

    code: str
    count: int = 1
    factor: str | None = None
    round: str | None = None


Check = Callable[[State, Record], Iterator[Finding]]


def findings(state: State, round_: Record) -> list[Finding]:
    """Everything odd about starting this round now, in the order of the checks."""
    return [finding for check in CHECKS for finding in check(state, round_)]


def _asks_about_groups(round_: Record) -> bool:
    return rounds.is_ballot(round_) and round_["targets"] in ("clusters", "chosen")


def _votable(state: State, factor: str) -> list[Record]:
    """What could be put to the vote under a factor: published actions; questions and remarks are not."""
    return [
        card
        for card in state["cards"].values()
        if card["factor"] == factor and card["state"] == "published" and card["kind"] == "action"
    ]


def _in_order(state: State, factors: Sequence[str]) -> list[str]:
    return sorted(factors, key=lambda factor: state["factors"][factor]["number"])


def ungrouped(state: State, round_: Record) -> Iterator[Finding]:
    """Actions in no group: on the list of a vote each stands alone, and splits it with its like."""
    if not _asks_about_groups(round_):
        return
    for factor in _in_order(state, round_["factors"]):
        if count := sum(not card["cluster"] for card in _votable(state, factor)):
            yield Finding("ungrouped", count, factor)


def unnamed_groups(state: State, round_: Record) -> Iterator[Finding]:
    if not _asks_about_groups(round_):
        return
    for factor in _in_order(state, round_["factors"]):
        own = [c for c in state["clusters"].values() if c["factor"] == factor and not c["merged_into"]]
        if count := sum(not c["name"] and bool(cards_of(state, c["id"])) for c in own):
            yield Finding("unnamed_groups", count, factor)


def likely_duplicates(state: State, round_: Record) -> Iterator[Finding]:
    """Pairs that probably say the same and lie apart: in a vote they halve each other's points."""
    if not _asks_about_groups(round_):
        return
    found = unsettled(state, round_["factors"])
    for factor in _in_order(state, list(found)):
        if found[factor]:
            yield Finding("likely_duplicates", found[factor], factor)


def nothing_to_vote_on(state: State, round_: Record) -> Iterator[Finding]:
    """Factors of a vote on groups or actions under which nothing is published."""
    if not rounds.is_ballot(round_) or round_["targets"] not in ("clusters", "cards"):
        return
    for factor in _in_order(state, round_["factors"]):
        if not _votable(state, factor):
            yield Finding("nothing_to_vote_on", 1, factor)


def planned_list_is_gone(state: State, round_: Record) -> Iterator[Finding]:
    """A repeated vote on things that were merged, dissolved or held since it was planned."""
    if not round_.get("chosen") or not rounds.is_ballot(round_):
        return
    gone = 0
    for target in round_["chosen"]:
        try:
            targets_of(state, round_, [target])
        except Rejected:
            gone += 1
    if gone:
        yield Finding("planned_list_is_gone", gone)


def unpublished(state: State, round_: Record) -> Iterator[Finding]:
    """Rounds that are closed and wait: what they hold is not on the board yet. Latecomers may well come before the review."""
    for other in rounds.in_order(state["rounds"].values()):
        if other["state"] == "closed" and other["id"] not in (round_["id"], round_.get("late_of")):
            yield Finding("unpublished", 1, round=other["id"])


def tables_without_factors(state: State, round_: Record) -> Iterator[Finding]:
    """Tables that have nothing to do while others write or vote."""
    if round_["scope"] and rounds.is_sealed(round_):
        idle = [table for table in state["tables"] if not round_["scope"].get(table)]
        if idle:
            yield Finding("tables_without_factors", len(idle))


CHECKS: tuple[Check, ...] = (
    planned_list_is_gone,
    ungrouped,
    unnamed_groups,
    likely_duplicates,
    nothing_to_vote_on,
    unpublished,
    tables_without_factors,
)
