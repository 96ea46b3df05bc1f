"""Between which ranks a target may stand, by chance."""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.niamey.reckoning.vote import Vote


def intervals(vote: Vote, order: Callable[[str], Any]) -> dict[str, tuple[int, int]]:
    """The middle 95 % of a thousand resamples, with the draws that the server makes: SHAKE-256 of its seed, two bytes each.

    Which ballot a number draws depends on their order: by their figures, target after target, the last one first.
    """
    n = len(vote.ballots)
    if n < 20:
        return {}
    targets = sorted(vote.targets, key=order)

    def worth(voter: str, target: str, criterion: str) -> int | None:
        given = vote.ballots[voter]
        return vote.worth(given[target], criterion) if target in given else None

    def lanes(voter: str) -> list[int]:
        found: list[int] = []
        for criterion in vote.criteria:
            said = [worth(voter, target, criterion) for target in targets]
            found += [figure or 0 for figure in said]
            found += [int(figure is not None) for figure in said] if vote.is_mean else []
        return found[::-1]

    cast = sorted(vote.ballots, key=lanes)
    said = {
        (target, criterion): [
            (place, w)
            for place, voter in enumerate(cast)
            if (w := worth(voter, target, criterion)) is not None
        ]
        for target in targets
        for criterion in vote.criteria
    }
    stream = struct.unpack(f"<{1000 * n}H", hashlib.shake_256(b"palabre rank intervals").digest(2000 * n))
    places: dict[str, list[int]] = {target: [] for target in targets}
    for start in range(0, len(stream), n):
        times = [0] * n
        for draw in stream[start : start + n]:
            times[draw * n >> 16] += 1
        values = {target: _resampled(vote, target, said, times) for target in targets}
        for listed in vote.lists:
            first = _places([values[target] for target in listed])
            for target in listed:
                places[target].append(first[values[target]])
    return {target: (found[25], found[-26]) for target, found in ((t, sorted(p)) for t, p in places.items())}


def _resampled(
    vote: Vote, target: str, said: Mapping[tuple[str, str], Sequence[tuple[int, int]]], times: Sequence[int]
) -> float:
    whole = 0.0
    for criterion in vote.criteria:
        answers = said[target, criterion]
        total = sum(times[place] * worth for place, worth in answers)
        if not vote.is_mean:
            return total
        many = sum(times[place] for place, _ in answers)
        if not many:
            return -1.0
        whole += total / many
    return whole


def _places(values: Sequence[float]) -> dict[float, int]:
    """The place of each value, the highest first; equals share one."""
    found, place = {}, 1
    for value, many in sorted(Counter(values).items(), reverse=True):
        found[value] = place
        place += many
    return found
