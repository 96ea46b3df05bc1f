"""Who takes part in a sealed round, as several workers tell each other."""

from __future__ import annotations

import orjson
import pytest

from realtime.attendance import Attendance, seen_of
from tests.seminar import BOARD, ROUNDS

SEALED = {**next(r for r in ROUNDS if r["id"] == "post"), "state": "running", "epoch": 1}


def tell(speaking: Attendance, listening: Attendance) -> None:
    listening.heard(BOARD, seen_of(orjson.loads(orjson.dumps(speaking.said()))[BOARD]))


@pytest.fixture
def pair() -> tuple[Attendance, Attendance]:
    """Two workers that have seen the same round begin, the second a moment later and with somebody more."""
    first, second = Attendance(), Attendance()
    first.note(BOARD, SEALED, {"a", "b"}, 1_000, (2, 1))
    second.note(BOARD, SEALED, {"a", "b", "c"}, 2_000, (3, 0))
    return first, second


def test_numbers_stand_still_as_the_first_worker_saw_them(pair: tuple[Attendance, Attendance]) -> None:
    first, second = pair
    tell(first, second)
    tell(second, first)
    assert first.frozen(BOARD) == second.frozen(BOARD) == (2, 1)


def test_whoever_was_seen_by_any_worker_and_is_gone_at_the_close_is_counted(
    pair: tuple[Attendance, Attendance],
) -> None:
    first, second = pair
    tell(second, first)
    first.note(BOARD, None, {"a"}, 9_000, (1, 2))
    assert first.away(BOARD) == {"round": "post", "epoch": 1, "count": 2}
    assert first.frozen(BOARD) is None


def test_a_worker_that_comes_after_the_close_is_told_who_was_away_and_an_old_report_changes_nothing(
    pair: tuple[Attendance, Attendance],
) -> None:
    first, second = pair
    first.note(BOARD, None, {"a"}, 9_000, (1, 2))
    newcomer = Attendance()
    tell(first, newcomer)
    assert newcomer.away(BOARD) == first.away(BOARD)
    tell(second, newcomer)
    assert newcomer.away(BOARD) == first.away(BOARD)
    again = {**SEALED, "epoch": 2}
    newcomer.note(BOARD, again, {"a"}, 10_000, (1, 2))
    tell(first, newcomer)
    tell(second, newcomer)
    assert newcomer.away(BOARD) is None
    newcomer.note(BOARD, None, {"a"}, 11_000, (1, 2))
    assert newcomer.away(BOARD) == {"round": "post", "epoch": 2, "count": 0}
