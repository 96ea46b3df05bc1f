"""The second ranking of a vote by ranks."""

from __future__ import annotations

from itertools import product

from tests.niamey.reckoning.vote import Vote


def schulze(vote: Vote) -> dict[str, int]:
    """Schulze 2011 with winning votes: a link beats another way round when more ballots have it; paths by their weakest link."""
    targets = list(vote.targets)
    unranked = vote.points + 1
    wins: dict[tuple[str, str], int] = {}
    for a, b in product(targets, targets):
        wins[a, b] = sum(given.get(a, unranked) < given.get(b, unranked) for given in vote.ballots.values())
    strength = {(a, b): wins[a, b] if wins[a, b] > wins[b, a] else 0 for a, b in wins}
    for via, a, b in product(targets, targets, targets):
        strength[a, b] = max(strength[a, b], min(strength[a, via], strength[via, b]))
    return {a: 1 + sum(strength[b, a] > strength[a, b] for b in targets) for a in targets}
