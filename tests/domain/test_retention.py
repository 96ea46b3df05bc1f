"""How long people are kept: when they are due, that everybody was told long enough before, and what a wrong clock cannot do."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.retention import DAY_MS, NOTICE_DAYS, UNHELD_DAYS, Keeping, announced, due, is_time

MADE = 20_000


def test_people_are_due_so_many_days_after_the_last_round() -> None:
    assert due(Keeping(days=30), MADE, MADE + 100) == MADE + 130


def test_a_named_day_comes_before_the_days() -> None:
    assert due(Keeping(days=30, until=MADE + 500), MADE, MADE + 100) == MADE + 500


def test_a_workshop_that_was_only_prepared_has_a_year() -> None:
    assert due(Keeping(days=30), MADE, None) == MADE + UNHELD_DAYS


def test_after_a_wipe_nothing_is_due_until_another_round_is_held() -> None:
    wiped = Keeping(days=30, wiped_at_ms=(MADE + 200) * DAY_MS)
    assert due(wiped, MADE, MADE + 100) is None
    assert due(wiped, MADE, None) is None
    assert due(wiped, MADE, MADE + 201) == MADE + 231


def test_a_laptop_that_slept_past_the_day_announces_first() -> None:
    kept, today = Keeping(), MADE + 1000
    assert not is_time(kept, MADE + 90, today)
    told = announced(kept, MADE + 90, today)
    assert told == today + NOTICE_DAYS
    kept = replace(kept, announced=told)
    assert not is_time(kept, MADE + 90, today + NOTICE_DAYS - 1)
    assert is_time(kept, MADE + 90, today + NOTICE_DAYS)


def test_an_hour_with_a_clock_years_ahead_changes_nothing() -> None:
    ahead = Keeping(announced=announced(Keeping(), MADE + 90, MADE + 5000))
    assert announced(ahead, MADE + 90, MADE) is None
    near = MADE + 85
    assert announced(ahead, MADE + 90, near) == near + NOTICE_DAYS


@given(
    st.integers(0, 400), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 500)), min_size=1, max_size=30)
)
def test_nobody_is_wiped_who_was_not_told_that_long_before(last: int, steps: list[tuple[int, int]]) -> None:
    """Days pass, the server is off for some of them, and the administrator chooses other terms meanwhile."""
    kept, today, told_since = Keeping(), MADE, None
    for gone_by, days in steps:
        today += gone_by
        if days % 5 == 0:
            kept = replace(kept, days=days, announced=None)
            told_since = None
        due_on = due(kept, MADE, MADE + last)
        if is_time(kept, due_on, today):
            assert told_since is not None and today - told_since >= NOTICE_DAYS
            assert due_on is not None and due_on <= today
            return
        now_told = announced(kept, due_on, today)
        if now_told is None:
            told_since = None
        elif kept.announced is None:
            told_since = today
        kept = replace(kept, announced=now_told)
