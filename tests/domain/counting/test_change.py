"""Then and now: the mean's interval against published tables, and the sides only where both are told."""

from __future__ import annotations

from statistics import mean, stdev
from typing import Any

import pytest

from app.domain.counting.change import beside, interval, is_assessment, quantile


@pytest.mark.parametrize(
    ("freedom", "published"),
    [(7, 2.365), (10, 2.228), (20, 2.086), (30, 2.042), (60, 2.000), (120, 1.980)],
)
def test_the_quantile_is_that_of_the_tables(freedom: int, published: float) -> None:
    """Abramowitz & Stegun 1964, table 26.10, column 0.975 (two-sided 0.95)."""
    assert quantile(freedom) == pytest.approx(published, abs=0.002)


def test_the_interval_is_the_textbooks() -> None:
    scores = [1, 2, 2, 3, 3, 3, 4, 4, 5, 3, 2]
    counts = {str(score): scores.count(score) for score in set(scores)}
    half = 2.228 * stdev(scores) / len(scores) ** 0.5
    found = interval(counts)
    assert found
    assert found == pytest.approx([mean(scores) - half, mean(scores) + half], abs=0.006)


def test_an_interval_stays_on_the_scale_and_says_nothing_of_few_answers() -> None:
    assert interval({"5": 8, "4": 1}) == [4.63, 5]
    assert interval({"3": 7}) is None
    assert interval({}) is None


def a_row(factor: str, **more: Any) -> dict[str, Any]:
    figures = {"value": 3.0, "answers": 10, "counts": {"2": 3, "3": 4, "4": 3}}
    row = {"target": factor, "table": "factors", "factor": factor, **figures}
    return {**row, "internal": None, "external": None, **more}


THEN = {"F01": {"value": 2.0, "answers": 9, "counts": {"2": 9}, "internal": 2.5, "external": 1.5}}


def a_tally(*rows: dict[str, Any], method: str = "score_1_5") -> dict[str, Any]:
    return {"id": "t", "method": method, "rows": list(rows)}


def test_each_factor_stands_beside_what_it_was() -> None:
    (row,) = beside(a_tally(a_row("F01", internal=3.25, external=2.75)), THEN)["rows"]
    assert row["then"]["value"] == 2.0
    assert row["then"]["interval"] == [2.0, 2.0]
    assert row["then"]["gap"] == [1.0, 0.5]
    assert row["interval"] == interval(row["counts"])


@pytest.mark.parametrize("told", ["then", "now"])
def test_a_gap_that_is_withheld_in_one_workshop_is_not_told_by_the_other(told: str) -> None:
    sides = {"internal": 3.25, "external": 2.75} if told == "now" else {}
    then = THEN if told == "then" else {"F01": {**THEN["F01"], "internal": None, "external": None}}
    (row,) = beside(a_tally(a_row("F01", **sides)), then)["rows"]
    assert row["then"]["gap"] == ([1.0, None] if told == "then" else [None, 0.5])


def test_a_factor_that_was_not_scored_then_stands_alone() -> None:
    assert beside(a_tally(a_row("F02")), THEN)["rows"][0]["then"] is None


@pytest.mark.parametrize(
    "tally",
    [
        a_tally(a_row("F01"), method="points"),
        a_tally({**a_row("q1"), "table": "questions"}),
    ],
    ids=["points", "questions"],
)
def test_only_an_assessment_of_factors_is_compared(tally: dict[str, Any]) -> None:
    assert not is_assessment(tally)
    assert beside(tally, THEN) is tally


def test_a_workshop_that_follows_none_keeps_its_tally_as_it_is() -> None:
    tally = a_tally(a_row("F01"))
    assert beside(tally, {}) is tally
