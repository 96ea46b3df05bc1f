"""Raised hands, the floor and the wheel: who is told, and what becomes of them when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.domain.errors import Rejected
from app.domain.operations import CLOCK
from app.domain.records import STAFF_VIEW
from realtime.floor import Known
from realtime.viewers import Viewer
from tests.keeper import Keeper
from tests.realtime.ears import Ears, joined
from tests.seminar import BOARD, FACILITATOR, seat


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Rejected) as found:
        yield
    assert found.value.code == code


def test_a_raised_hand_is_told_to_staff_and_to_its_owner_and_to_nobody_else(keeper: Keeper) -> None:
    ears = Ears(keeper)
    joined(keeper, 1, 2)
    keeper.door.command("start", "discuss")
    keeper.floors.hand(BOARD, seat(1), "room", up=True)
    keeper.floors.hand(BOARD, seat(2), "remote", up=True)
    assert [h["place"] for h in ears.to("floor", "console")["hands"]] == ["room", "remote"]
    assert ears.to("floor", "s2") == {"hand": {"speaking": False, "before": 1}}
    first = ears.to("floor", "console")["hands"][0]["id"]
    keeper.floors.decide(BOARD, "give", first)
    assert ears.to("floor", "s1") == {"hand": {"speaking": True, "before": 0}}
    keeper.floors.decide(BOARD, "done", first)
    assert ears.to("floor", "s1") == {"hand": None}
    assert keeper.floors.turns(BOARD, ("room", "remote")) == {"room": 1, "remote": 0}


def test_no_hand_goes_up_while_a_round_is_sealed(keeper: Keeper) -> None:
    ears = Ears(keeper)
    joined(keeper, 1)
    keeper.door.command("start", "post")
    with refused("not_in_this_state"):
        keeper.floors.hand(BOARD, seat(1), "room", up=True)
    assert ears.to("floor", "s1") is None


def test_who_left_is_given_neither_the_floor_nor_the_wheel_and_the_facilitator_is_told(
    keeper: Keeper,
) -> None:
    ears = Ears(keeper)
    joined(keeper, 1)
    keeper.viewers.add(Viewer("brussels", "hb", BOARD, STAFF_VIEW, "co", {"en": "Co-facilitator"}))
    keeper.floors.used(BOARD, FACILITATOR)
    keeper.floors.hand(BOARD, seat(1), "room", up=True)
    (row,) = ears.to("floor", "console")["hands"]
    (offered,) = ears.to("floor", "console")["wheel"]["others"]
    keeper.floors.hand(BOARD, seat(1), "room", up=False)
    keeper.viewers.forget("brussels")
    for act in ("give", "done"):
        with refused("gone"):
            keeper.floors.decide(BOARD, act, row["id"])
    with refused("gone"):
        keeper.floors.hand_over(BOARD, offered["id"])
    assert ears.to("floor", "console")["wheel"]["mine"]


def test_the_wheel_is_handed_over_and_offered_when_its_holder_is_silent_for_a_minute(keeper: Keeper) -> None:
    ears = Ears(keeper)
    joined(keeper)
    other = Viewer("brussels", "hb", BOARD, STAFF_VIEW, "co", {"en": "Co-facilitator"})
    keeper.viewers.add(other)
    keeper.floors.used(BOARD, FACILITATOR)
    assert ears.to("floor", "console")["wheel"]["mine"]
    (offered,) = ears.to("floor", "console")["wheel"]["others"]
    keeper.floors.hand_over(BOARD, offered["id"])
    assert ears.to("floor", "brussels")["wheel"]["mine"]
    assert not ears.to("floor", "console")["wheel"]["mine"]
    keeper.viewers.forget("brussels")
    keeper.pass_time(58_000)
    assert not ears.to("floor", "console")["wheel"]["silent"]
    keeper.pass_time(6_000)
    assert ears.to("floor", "console")["wheel"]["silent"]
    keeper.floors.take(BOARD, FACILITATOR)
    assert ears.to("floor", "console")["wheel"]["mine"]


def test_whoever_is_forgotten_is_forgotten_by_the_floor_and_the_wheel_of_every_worker(keeper: Keeper) -> None:
    """Also by one that has not heard of it yet, and by none again because another still tells of them."""
    other = Keeper(keeper.door.beside())
    joined(keeper, 1)
    keeper.floors.used(BOARD, FACILITATOR)
    keeper.floors.hand(BOARD, seat(1), "room", up=True)
    before = keeper.floors.said()[BOARD]
    assert before.floor.hands and before.wheel.person
    other.floors.heard(BOARD, before)
    for viewer in keeper.viewers.on(BOARD):
        keeper.viewers.forget(viewer.sid)
    keeper.door.do(CLOCK, "board.forget")
    keeper.pass_time(2_000)
    empty = Known(forgotten=1)
    assert keeper.floors._known == {BOARD: empty}, "though nobody looks at it"
    keeper.floors.heard(BOARD, before)
    assert keeper.floors.said() == {BOARD: empty}
    assert other.floors.said() == {BOARD: before}, "it has not read what the first one wrote"
    other.floors.heard(BOARD, empty)
    assert other.floors.said() == {BOARD: empty}
