"""The two sides of a vote, by decision 12: which are told, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tests.niamey.files import SIDES
from tests.niamey.reckoning.agreement import scale
from tests.niamey.reckoning.vote import Result, Vote, exact, figure, of_side


def part(vote: Vote, listed: Sequence[str], results: Mapping[str, Result]) -> None:
    voters = {side: of_side(side, vote.ballots) for side in SIDES}
    shown = _told(vote, listed, results, voters)
    for target in shown:
        results[target].sides = {side: figure(vote, target, voters[side]) for side in SIDES}
    given = {side: sum(results[target].sides[side] for target in shown) for side in SIDES}
    for target in shown:
        _compare(vote, results[target], voters, given)
    if len(vote.criteria) > 1:
        for target in listed:
            results[target].criteria = _criteria(vote, target, voters if target in shown else None)


def _told(
    vote: Vote, listed: Sequence[str], results: Mapping[str, Result], voters: Mapping[str, Sequence[str]]
) -> list[str]:
    def mixed(target: str, side: str) -> bool:
        """Five had a say, and fewer than four fifths of them said the same."""
        for criterion in vote.criteria:
            said = vote.worths(target, criterion, voters[side])
            if len(said) < 5 or 10 * max(map(said.count, said)) >= 8 * len(said):
                return False
        return True

    shown = [target for target in listed if all(mixed(target, side) for side in SIDES)]
    if not vote.blank_is_zero:
        return shown
    had_a_say = {side: max(len(vote.worths(t, "", voters[side])) for t in listed) for side in SIDES}
    chosen = [target for target in listed if results[target].total]
    spent = sum(results[target].total for target in chosen)
    unspent = vote.points * sum(had_a_say.values()) - spent if vote.method == "points" else 0

    def could_be_otherwise(hidden: Sequence[str]) -> bool:
        if min(had_a_say.values()) < 10 or len(hidden) < 3:
            return False
        whole = sum(results[target].total for target in hidden)
        for side in SIDES:
            theirs = sum(sum(vote.worths(target, "", voters[side])) for target in hidden)
            for target in hidden:
                total = results[target].total
                low = max(0, theirs - unspent - (whole - total))
                high = min(total, theirs + unspent)
                if 10 * (high - low) < 3 * had_a_say[side]:
                    return False
        return True

    while shown:
        hidden = [target for target in chosen if target not in shown]
        if not hidden or could_be_otherwise(hidden):
            break
        smallest = min(results[target].total for target in shown)
        shown = [target for target in shown if results[target].total > smallest]
    return shown


def _compare(
    vote: Vote, result: Result, voters: Mapping[str, Sequence[str]], given: Mapping[str, int]
) -> None:
    here = {side: len(vote.worths(result.target, "", voters[side])) for side in SIDES}
    if vote.is_mean:
        here = {side: len(vote.answers(result.target, voters[side])) for side in SIDES}
    figures_ = {side: exact(vote, result.target, voters[side]) or Fraction() for side in SIDES}
    if vote.is_mean:
        share = {side: (figures_[side] - 1) / 4 for side in SIDES}
    elif vote.blank_is_zero:
        share = {side: figures_[side] / (given[side] or 1) for side in SIDES}
    else:
        share = {side: figures_[side] / here[side] for side in SIDES}
        both = [(figures_[side] + 1) / (here[side] + 2) for side in SIDES]
        result.across = round(float(both[0] * both[1]), 4)
    apart = 100 * abs(share["internal"] - share["external"])
    result.divergence = round(float(apart), 1)
    if apart >= 15 and min(here.values()) >= 8:
        result.marks.add("divergent")


def _criteria(vote: Vote, target: str, sides: Mapping[str, Sequence[str]] | None) -> str:
    said = []
    for name in vote.criteria:
        worths = vote.worths(target, name, list(vote.ballots))
        parts = [f"{_mean(worths)}", f"agreement {scale(worths, range(1, 6))}"] if worths else []
        for side, voters in (sides or {}).items():
            own = vote.worths(target, name, voters)
            parts.append(f"{side} {_mean(own)}")
        said.append(f"{name}: {', '.join([*parts, f'answers {len(worths)}'])}")
    return " | ".join(said)


def _mean(values: Sequence[int]) -> float:
    return round(sum(values) / len(values), 4)
