"""Every kind of operation x every role x every kind of round: the table decides, and the door obeys it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from app.domain import policy, rounds, rules
from app.domain.errors import Rejected
from app.domain.kinds.agenda import PLAN
from app.domain.kinds.board import ROUND_KINDS
from app.domain.operations import Actor
from app.domain.records import ROLES, State, empty_state
from tests.domain.board import Board
from tests.seminar import POST, VOTE, round_plan

LIVE_KINDS = (None, *ROUND_KINDS)
EVERYTHING = list(itertools.product(rules.RULES, ROLES, LIVE_KINDS))


def state_with(live_kind: str | None) -> dict[str, dict[str, dict[str, object]]]:
    state = empty_state()
    if live_kind:
        state["rounds"]["r"] = {"id": "r", "kind": live_kind, "state": "running"}
    return state


def check(state: State, kind: str, payload: dict[str, Any], actor: Actor) -> None:
    policy.check(state, policy.live_round(state["rounds"].values()), kind, payload, actor)


def test_every_kind_of_operation_has_a_row_and_every_row_a_rule() -> None:
    assert set(policy.GRANTS) == set(rules.RULES)


def test_the_check_refuses_exactly_what_the_table_does_not_grant() -> None:
    for kind, role, live_kind in EVERYTHING:
        granted = policy.may(kind, role, live_kind)
        try:
            check(state_with(live_kind), kind, {}, Actor(person="x", role=role))
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
        check(state_with("discuss"), "card.post", {"round": "r"}, Actor(person="p", role="participant"))
    assert refused.value.code == "round_over"


def test_the_facts_by_state_are_what_the_rules_obey() -> None:
    """Every command on a round, in every state of a round of every kind: refused exactly where the table says."""
    for kind, command, state in itertools.product(ROUND_KINDS, COMMANDS, rounds.STATES):
        board = Board([round_plan("r", kind, **BY_KIND.get(kind, {}))])
        epoch = 0 if state in ("planned", "skipped") else 1
        altered = {"state": state, "epoch": epoch, "left_ms": 60_000, "ends_at_ms": board.now_ms + 60_000}
        board.state["rounds"]["r"] |= {**altered, "ballot": []}
        operation = f"round.{command}"
        wanted = policy.allowed(operation, "facilitator", kind, state)
        try:
            board.do(operation, **payload_of(board, command, epoch))
        except Rejected as rejected:
            # A round that never began has no epoch to name.
            told = rejected.code in ("not_in_this_state", "round_not_open")
            assert not told or not wanted, (kind, command, state, rejected.code)
            assert told or wanted, (kind, command, state, rejected.code)
        else:
            assert wanted, (kind, command, state)


COMMANDS = (
    *("start", "pause", "resume", "extend", "close", "publish", "reopen", "void", "skip", "plan"),
    *("edit", "move", "remove"),
)
BY_KIND = {"post": POST, "vote": VOTE}


def payload_of(board: Board, command: str, epoch: int) -> dict[str, object]:
    named: dict[str, object] = {"round": "r"}
    if command == "edit":
        round_ = board.round("r")
        return {**named, "seen": round_["rev"], **{name: round_.get(name) for name in PLAN}}
    if command == "move":
        return {**named, "after": None}
    if command in ("start", "skip", "plan", "remove"):
        return named
    named["epoch"] = max(1, epoch)
    if command == "extend":
        named |= {"ends_at_ms": board.now_ms + 1, "left_ms": 1}
    return named | {"minutes": 3} if command == "reopen" else named
