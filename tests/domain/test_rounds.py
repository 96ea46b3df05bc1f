"""The round as a machine: where commands lead, and when input is taken."""

from __future__ import annotations

import itertools

import pytest

from app.domain import rounds
from app.domain.errors import Rejected

STATES = ("planned", "running", "paused", "closed", "published", "skipped", "void")


def running(**fields: object) -> dict[str, object]:
    return {
        "kind": "post",
        "state": "running",
        "epoch": 1,
        "ends_at_ms": 10_000,
        "at_zero": "close",
        "grace_s": 2,
        "scope": None,
        "factors": ["F01"],
        "release": "sealed",
        "review": True,
        "method": None,
    } | fields


def test_a_command_that_has_no_meaning_in_a_state_is_refused() -> None:
    for command, state in itertools.product(rounds.TRANSITIONS, STATES):
        if state in rounds.TRANSITIONS[command]:
            assert rounds.step({"state": state}, command) in STATES
        else:
            with pytest.raises(Rejected, match="not_in_this_state"):
                rounds.step({"state": state}, command)


def test_what_was_under_way_at_zero_is_taken_within_the_grace_and_not_after() -> None:
    rounds.takes_input(running(), 1, 12_000)
    with pytest.raises(Rejected, match="round_over"):
        rounds.takes_input(running(), 1, 12_001)


def test_a_round_that_only_rings_takes_input_after_zero() -> None:
    rounds.takes_input(running(at_zero="ring"), 1, 999_999)


def test_a_paused_round_takes_input_because_only_its_clock_stands_still() -> None:
    rounds.takes_input(running(state="paused", ends_at_ms=None), 1, 999_999)


def test_what_was_meant_for_another_epoch_is_refused() -> None:
    with pytest.raises(Rejected, match="round_over"):
        rounds.takes_input(running(epoch=2), 1, 0)


def test_a_table_works_on_its_own_factors_only() -> None:
    scoped = running(scope={"T1": ["F01"]})
    rounds.in_scope(scoped, "T1", "F01")
    for table in ("T2", None):
        with pytest.raises(Rejected, match="wrong_factor"):
            rounds.in_scope(scoped, table, "F01")


def test_a_batch_leaves_five_authors_and_a_third_of_a_larger_room() -> None:
    assert [rounds.drawn(authors) for authors in (0, 5, 6, 15, 16, 60)] == [0, 0, 1, 10, 11, 40]
