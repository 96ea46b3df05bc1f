"""Every kind of operation x every role x every kind of round: the table decides, and the door obeys it."""

from __future__ import annotations

import itertools

import pytest

from app.domain import policy, rules
from app.domain.errors import Rejected
from app.domain.kinds.board import ROUND_KINDS
from app.domain.operations import Actor
from app.domain.records import ROLES, empty_state

LIVE_KINDS = (None, *ROUND_KINDS)
EVERYTHING = list(itertools.product(rules.RULES, ROLES, LIVE_KINDS))


def state_with(live_kind: str | None) -> dict[str, dict[str, dict[str, object]]]:
    state = empty_state()
    if live_kind:
        state["rounds"]["r"] = {"id": "r", "kind": live_kind, "state": "running"}
    return state


def test_every_kind_of_operation_has_a_row_and_every_row_a_rule() -> None:
    assert set(policy.GRANTS) == set(rules.RULES)


def test_the_check_refuses_exactly_what_the_table_does_not_grant() -> None:
    for kind, role, live_kind in EVERYTHING:
        granted = policy.may(kind, role, live_kind)
        try:
            policy.check(state_with(live_kind), kind, {}, Actor(person="x", role=role))
        except Rejected as rejected:
            assert not granted
            assert rejected.code in ("not_allowed", "round_over")
        else:
            assert granted


@pytest.mark.parametrize("role", ["facilitator", "expert", "observer", "rapporteur", "administrator"])
def test_nobody_of_the_staff_votes_or_posts_a_card_as_themselves(role: str) -> None:
    for kind in ("ballot.cast", "card.post"):
        assert not any(policy.may(kind, role, live) for live in LIVE_KINDS)


def test_an_observer_changes_nothing() -> None:
    assert not any(policy.may(kind, "observer", live) for kind in rules.RULES for live in LIVE_KINDS)


def test_a_participant_outside_the_round_hears_that_it_is_over_and_keeps_the_text() -> None:
    with pytest.raises(Rejected) as refused:
        policy.check(
            state_with("discuss"), "card.post", {"round": "r"}, Actor(person="p", role="participant")
        )
    assert refused.value.code == "round_over"
