"""The count of a vote: totals, ranks and marks, then the sides, the intervals and the second ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from tests.niamey.reckoning.agreement import consensus, scale
from tests.niamey.reckoning.intervals import intervals
from tests.niamey.reckoning.schulze import schulze
from tests.niamey.reckoning.sides import part
from tests.niamey.reckoning.vote import CRITERIA, Result, Vote, figure, mean


def count(vote: Vote, order: Callable[[str], Any] | None = None) -> dict[str, Result]:
    """Every figure of a vote. Shape: `order` sorts targets as the server's ids do; intervals need it, for their draws."""
    everybody = list(vote.ballots)
    results = {target: _figures(vote, target, everybody) for target in vote.targets}
    for listed in vote.lists:
        for target in listed:
            greater = [other for other in listed if results[other].key > results[target].key]
            equal = [other for other in listed if results[other].key == results[target].key]
            results[target].rank, results[target].tied = 1 + len(greater), len(equal) > 1
        part(vote, listed, results)
    for target, interval in (intervals(vote, order) if order else {}).items():
        results[target].interval = interval
    if vote.method == "rank":
        for target, place in schulze(vote).items():
            results[target].schulze = place
            if place != results[target].rank:
                results[target].marks.add("schulze_differs")
    return results


def _figures(vote: Vote, target: str, voters: Sequence[str]) -> Result:
    answers = vote.answers(target, voters)
    worths = {criterion: vote.worths(target, criterion, voters) for criterion in vote.criteria}
    total = sum(map(sum, worths.values()))
    means = [mean(some) for some in worths.values()]
    known = [m for m in means if m is not None]
    key: tuple[Fraction | int, ...] = (total,)
    if vote.is_mean:
        key = (sum(known) if len(known) == len(means) else -1,)
    elif vote.method == "consent":
        key = (total, -answers.count("opposed"))
    result = Result(target, vote.targets[target], total, len(answers), key, figure(vote, target, voters), {})
    match vote.method:
        case "consent":
            said = [answer_name(answer) for answer in answers]
            result.counts = {a: said.count(a) for a in ("agree", "opposed", "reserve") if a in said}
            result.agreement = scale(said, ("agree", "reserve", "opposed"))
            _low(result, 3, len(said), result.agreement)
        case "score_1_5":
            result.counts = dict(sorted(Counter(map(str, answers)).items()))
            result.agreement = scale(answers, range(1, 6))
            _low(result, 5, len(answers), result.agreement)
        case "criteria_1_5:impact+feasibility":
            result.counts = {
                f"{name}:{score}": worths[name].count(score)
                for name, score in product(sorted(CRITERIA), range(1, 6))
                if score in worths[name]
            }
            result.quadrant = _quadrant(worths)
            for some in worths.values():
                _low(result, 5, len(some), scale(some, range(1, 6)))
            if result.quadrant == "quick_win":
                result.marks.add("quick_win")
        case _:
            result.counts = dict(sorted(Counter(map(str, answers)).items()))
    if vote.method == "rank":
        result.first = answers.count(1)
    return result


def answer_name(answer: Any) -> str:
    return "reserve" if isinstance(answer, dict) else str(answer)


def _low(result: Result, categories: int, answers: int, found: float | None) -> None:
    even = consensus([1] * categories)
    if answers >= 8 and found is not None and even is not None and found < even:
        result.marks.add("low_agreement")


def _quadrant(worths: Mapping[str, Sequence[int]]) -> str:
    if not all(worths.values()):
        return ""
    high = [sum(worths[name]) >= 3 * len(worths[name]) for name in CRITERIA]
    return {
        (True, True): "quick_win",
        (True, False): "major_work",
        (False, True): "small_step",
        (False, False): "not_now",
    }[high[0], high[1]]
