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
