"""Schulze's order of a set of rankings: by the strongest paths of pairwise victories.

Source: Schulze 2011, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", with winning votes as the strength of a link. What a ballot leaves out stands below all it ranks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def schulze_places(targets: Sequence[str], ballots: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Target -> place from 1; targets of which neither beats the other share one. `ballots` are target -> place."""
    strongest = _strongest_paths(_preferences(targets, ballots))
    n = range(len(targets))
    return {
        target: 1 + sum(strongest[other][i] > strongest[i][other] for other in n)
        for i, target in enumerate(targets)
    }


def _preferences(targets: Sequence[str], ballots: Sequence[Mapping[str, int]]) -> list[list[int]]:
    """How many ballots have i before j. Most of a ballot is left out: who ranked i prefers it but to what stands above."""
    index = {target: i for i, target in enumerate(targets)}
    before = [[0] * len(targets) for _ in targets]
    ranked = [0] * len(targets)
    for ballot in ballots:
        order = [index[target] for target in sorted(ballot, key=ballot.__getitem__) if target in index]
        for place, i in enumerate(order):
            ranked[i] += 1
            for above in order[: place + 1]:
                before[i][above] -= 1
    return [[count + ranked[i] for count in row] for i, row in enumerate(before)]


def _strongest_paths(preferred: list[list[int]]) -> list[list[int]]:
    """Floyd and Warshall's algorithm with the weakest link as the strength of a path."""
    n = range(len(preferred))
    paths = [[preferred[i][j] if preferred[i][j] > preferred[j][i] else 0 for j in n] for i in n]
    for via in n:
        onward = paths[via]
        for i in n:
            if weakest := paths[i][via]:
                paths[i] = [
                    max(known, min(weakest, link)) for known, link in zip(paths[i], onward, strict=True)
                ]
    return paths
