"""How far people agree: on an ordered scale, and across the two sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log2, prod


def agreement(counts: Sequence[int]) -> float | None:
    """The consensus of an ordinal distribution: 1 when all chose one category, 0 when they stand half and half at the ends.

    Shape:  `counts` are how many chose each category, in the order of the scale; None when nobody did.
    Source: Tastle & Wierman 2007, "Consensus and dissention: a measure of ordinal dispersion".
    """
    voters = sum(counts)
    if not voters:
        return None
    width = len(counts) - 1
    mean = sum(place * count for place, count in enumerate(counts)) / voters
    return 1 + sum(
        count / voters * log2(1 - abs(place - mean) / width) for place, count in enumerate(counts) if count
    )


def across(groups: Iterable[tuple[int, int]]) -> float:
    """What all groups agree with, each counting the same: the product of the smoothed shares.

    Shape:  per group, how many agree and how many voted.
    Source: the group-informed consensus of Polis (Small et al. 2021).
    """
    return prod((agree + 1) / (votes + 2) for agree, votes in groups)
