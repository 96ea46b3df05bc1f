"""How much those who answered on a scale agree."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Any


def consensus(counts: Sequence[int]) -> float | None:
    """Tastle & Wierman 2007, as in the paper: one plus the weighted logarithms of the distance from the mean."""
    n = sum(counts)
    if not n:
        return None
    categories = range(1, len(counts) + 1)
    mean = sum(x * c for x, c in zip(categories, counts, strict=True)) / n
    width = len(counts) - 1
    return 1 + sum(
        c / n * log2(1 - abs(x - mean) / width) for x, c in zip(categories, counts, strict=True) if c
    )


def scale(answers: Sequence[Any], categories: Sequence[Any]) -> float | None:
    found = consensus([list(answers).count(category) for category in categories])
    return None if found is None else round(found, 4)
