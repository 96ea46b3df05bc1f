"""How fast a seat may act, on a clock that moves when told to."""

from __future__ import annotations

import pytest

from app import rates
from app.rates import BURST, PER_S, Rates


def test_one_backlog_at_once_and_then_so_many_a_second() -> None:
    limits = Rates()
    assert limits.take("a", BURST, 0)
    assert not limits.take("a", 1, 0)
    assert limits.take("a", PER_S, 1)
    assert not limits.take("a", 1, 1)


def test_what_is_refused_costs_nothing() -> None:
    limits = Rates()
    assert not limits.take("a", BURST + 1, 0)
    assert limits.take("a", BURST, 0)


def test_seats_do_not_share() -> None:
    limits = Rates()
    assert limits.take("a", BURST, 0)
    assert limits.take("b", BURST, 0)


def test_no_absence_gives_more_than_one_burst() -> None:
    limits = Rates()
    assert limits.take("a", 1, 0)
    assert not limits.take("a", BURST + 1, 10**6)


def test_who_must_wait_waits_as_long_as_it_takes() -> None:
    limits = Rates(burst=2, per_s=10)
    assert [limits.wait_s("a", 0) for _ in range(4)] == [0, 0, 0.1, 0.2]
    assert limits.wait_s("a", 10) == 0


def test_only_full_buckets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_TIDY_ABOVE", 2)
    limits = Rates()
    limits.take("spent", BURST, 100)
    for number in range(5):
        limits.take(f"s{number}", 1, 0)
    assert not limits.take("spent", 1, 100)


def test_what_a_seat_took_of_another_worker_is_paid_for_once_however_often_it_is_told() -> None:
    limits = Rates(burst=10, per_s=0)
    limits.take("a", 1, 0)
    for told in ({"a": 0}, {"a": 4, "b": 3}, {"a": 4, "b": 3}, {"a": 6, "b": 3}):
        limits.heard("other", told, 0)
    assert not limits.take("a", 4, 0)
    assert limits.take("a", 3, 0)


def test_a_worker_heard_again_after_a_silence_charges_only_what_came_in_between() -> None:
    """Redis went away and came back: what was charged before must not stop a hand from going down."""
    limits = Rates(burst=10, per_s=0)
    limits.take("a", 1, 0)
    limits.heard("other", {"a": 6}, 0)
    limits.heard("third", {"a": 0}, 0)
    for _ in range(3):
        limits.heard("other", {"a": 7}, 0)
    assert limits.take("a", 8, 0)


def test_what_a_worker_tells_first_is_past() -> None:
    limits = Rates(burst=10, per_s=0)
    limits.take("a", 1, 0)
    limits.heard("other", {"a": 500}, 0)
    assert limits.take("a", 9, 0)


def test_a_worker_that_counts_anew_is_charged_from_nothing() -> None:
    limits = Rates(burst=10, per_s=0)
    limits.take("a", 1, 0)
    for told in ({"a": 5}, {"a": 2}):
        limits.heard("other", told, 0)
    assert not limits.take("a", 8, 0)
    assert limits.take("a", 7, 0)
