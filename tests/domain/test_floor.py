"""Who speaks next, and what the parity meter may show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.floor import Floor, Hand, parity, turns_of
from app.domain.policy import may_ask_to_speak
from app.domain.records import ROLES
from tests.seminar import ROUNDS


def hand(name: str, place: str | None = "room", side: str | None = "internal") -> Hand:
    return Hand(name, {"fr": name, "en": name}, place, side, "T1")


def queue(*hands: Hand) -> Floor:
    floor = Floor()
    for one in hands:
        floor = floor.raised(one)
    return floor


def names(floor: Floor) -> list[str]:
    return [one.person for one in floor.in_turn()]


def test_room_and_remote_speak_in_turn_each_in_the_order_of_asking() -> None:
    floor = queue(hand("a"), hand("b"), hand("c"), hand("x", "remote"), hand("y", "remote"))
    assert names(floor) == ["a", "x", "b", "y", "c"]


def test_after_somebody_in_the_room_somebody_remote_is_next_even_if_asked_later() -> None:
    floor = queue(hand("a"), hand("b")).given("a").raised(hand("x", "remote"))
    assert names(floor) == ["a", "x", "b"]
    assert names(floor.lowered("a")) == ["x", "b"]


def test_giving_the_floor_takes_it_from_the_one_before_who_has_had_a_turn() -> None:
    floor = queue(hand("a", side="external"), hand("b")).given("a").given("b")
    assert [h.person for h in floor.hands if h.speaking] == ["b"]
    assert turns_of(floor, ("internal", "external", "room", "remote")) == {
        "internal": 0,
        "external": 1,
        "room": 1,
        "remote": 0,
    }


def test_a_hand_that_is_raised_again_keeps_its_place_and_one_that_is_lowered_had_no_turn() -> None:
    floor = queue(hand("a"), hand("b"), hand("a"))
    assert names(floor) == ["a", "b"]
    assert floor.lowered("a").turns == ()


@given(st.lists(st.sampled_from(["room", "remote", None]), max_size=12))
def test_nobody_is_forgotten_and_nobody_is_overtaken_within_their_own_place(places: list[str | None]) -> None:
    hands = [hand(str(n), place) for n, place in enumerate(places)]
    order = names(queue(*hands))
    assert sorted(order) == sorted(h.person for h in hands)
    for remote in (True, False):
        asked = [h.person for h in hands if (h.place == "remote") == remote]
        assert [person for person in order if person in asked] == asked


def test_figures_are_shown_for_every_group_or_for_none() -> None:
    figures = {"internal": 12, "external": 7}
    assert parity(figures, {"internal": 12, "external": 7}) == figures
    assert parity(figures, {"internal": 12, "external": 4}) is None


def test_nobody_asks_to_speak_while_people_write_or_vote_unseen() -> None:
    by_id = {r["id"]: r for r in ROUNDS}
    for role in ROLES:
        asks = role not in ("facilitator", "administrator")
        assert may_ask_to_speak(role, None) == asks
        assert may_ask_to_speak(role, by_id["discuss"]) == asks
        assert not may_ask_to_speak(role, by_id["post"])
        assert not may_ask_to_speak(role, by_id["vote"])
