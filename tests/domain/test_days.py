"""Days as text, against the calendar of the standard library; and how far off a sheet's end is."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import DAY_MS, day_of, is_day, months_between
from app.domain.kinds.sheets import horizon


@given(st.dates(min_value=datetime.date(1970, 1, 1)), st.integers(0, DAY_MS - 1))
def test_the_day_of_a_moment_is_the_calendars(day: datetime.date, ms: int) -> None:
    start = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    assert day_of(round(start.timestamp() * 1000) + ms) == day.isoformat()


@given(st.dates())
def test_every_day_of_the_calendar_is_one(day: datetime.date) -> None:
    assert is_day(day.isoformat())


@pytest.mark.parametrize("text", ["2021-02-29", "2021-13-01", "2021-00-10", "2021-1-1", "", "0000-01-01"])
def test_no_other_text_is_a_day(text: str) -> None:
    assert not is_day(text)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2020-09-23", "2021-03-23", 6),
        ("2020-09-23", "2021-03-22", 5.5),
        ("2020-09-23", "2021-03-24", 6.5),
        ("2020-12-31", "2021-01-31", 1),
        ("2021-03-01", "2021-02-01", -1),
    ],
)
def test_months_are_counted_to_the_day(first: str, last: str, months: float) -> None:
    assert months_between(first, last) == months


@pytest.mark.parametrize(
    ("deadline", "start", "term"),
    [
        ("", "", None),
        ("2021-03-22", "", "short"),
        ("2021-03-23", "", "medium"),
        ("2022-03-23", "", "medium"),
        ("2022-03-24", "", "long"),
        ("2022-03-24", "2021-01-01", "medium"),
    ],
)
def test_short_is_under_six_months_and_long_beyond_eighteen(
    deadline: str, start: str, term: str | None
) -> None:
    assert horizon({"deadline": deadline, "start": start}, "2020-09-23") == term
