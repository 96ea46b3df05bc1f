"""Then and now: how the mean of a factor's scores moved since the workshop before, each with the width of its own chance.

The two sides are compared where both tallies tell them apart (decision 12), and only there: nothing is recounted.
Source: Student's interval of a mean; its quantile by Abramowitz & Stegun 1964, 26.7.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import Any

from app.domain.counting.method import split_name
from app.domain.counting.scores import HIGHEST, LOWEST, SCORES
from app.domain.records import Record

# Fewer answers than this say nothing about others.
MIN_ANSWERS = 8
CONFIDENCE = 0.95
_DIGITS = 2
# What is kept of a factor's row for the workshop that follows.
KEPT = ("value", "answers", "counts", "internal", "external")


def is_assessment(tally: Record) -> bool:
    """Whether a tally holds scores of the factors themselves."""
    name, _ = split_name(tally["method"] or "")
    return name == SCORES.name and all(_is_factor(row) for row in tally["rows"])


def _is_factor(row: Record) -> bool:
    """Rows of older versions do not say; there a factor is its own target."""
    return bool(row.get("table", "factors" if row["target"] == row["factor"] else "") == "factors")


def beside(tally: Record, then: Mapping[str, Mapping[str, Any]]) -> Record:
    """The tally with, beside each factor's figures, those of the workshop before; as it is when that scored nothing.

    Shape: `then` is factor -> the fields of `KEPT`. A row gains `interval` (lowest, highest mean, or None) and `then`: value,
           answers, interval, internal, external (None: withheld), and `gap`, the gap of the sides then and now.
    """
    if not then or not is_assessment(tally):
        return tally
    return {**tally, "rows": [_beside(row, then.get(row["target"])) for row in tally["rows"]]}


def _beside(row: Record, then: Mapping[str, Any] | None) -> Record:
    row = {**row, "interval": interval(row["counts"])}
    if then is None:
        return {**row, "then": None}
    kept = {name: then[name] for name in KEPT if name != "counts"}
    return {**row, "then": {**kept, "interval": interval(then["counts"]), "gap": [_gap(then), _gap(row)]}}


def _gap(row: Mapping[str, Any]) -> float | None:
    """By how much the internal mean stands above the external one, where both are told."""
    if row["internal"] is None or row["external"] is None:
        return None
    return float(round(row["internal"] - row["external"], _DIGITS))


def interval(counts: Mapping[str, int]) -> list[float] | None:
    """Between which means the true one lies, 95 times in 100; None for too few answers. `counts` is score -> how often."""
    n = sum(counts.values())
    if n < MIN_ANSWERS:
        return None
    mean = sum(int(score) * count for score, count in counts.items()) / n
    spread = sum(count * (int(score) - mean) ** 2 for score, count in counts.items()) / (n - 1)
    half = quantile(n - 1) * sqrt(spread / n)
    return [round(max(LOWEST, mean - half), _DIGITS), round(min(HIGHEST, mean + half), _DIGITS)]


def quantile(freedom: int) -> float:
    """Student's t for 95 of 100, two-sided."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
