"""Who speaks next, and what the parity meter may show."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.floor import Floor, Hand, floor_of, parity, turns_of
from app.domain.policy import check_hand
from app.domain.records import ROLES, Record
from app.domain.wheel import Wheel
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


# --- several workers ---

STEPS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(["raised", "lowered", "given", "hears"]), st.sampled_from("abxy")
    ),
    max_size=30,
)


def stepped(floor: Floor, act: str, who: str) -> Floor:
    place = "remote" if who in "xy" else "room"
    return getattr(floor, act)(hand(who, place) if act == "raised" else who)


def told(floor: Floor) -> Floor:
    """As it comes to another worker."""
    return floor_of(orjson.loads(orjson.dumps(floor)))


@given(STEPS)
def test_two_workers_that_tell_each_other_everything_have_one_floor(
    steps: list[tuple[int, str, str]],
) -> None:
    alone, pair = Floor(), [Floor(), Floor()]
    for at, act, who in steps:
        if act != "hears":
            alone, pair[at] = stepped(alone, act, who), stepped(pair[at], act, who)
            pair[1 - at] = pair[1 - at].merged(told(pair[at]))
        assert pair == [alone, alone]


@given(STEPS)
def test_two_workers_that_were_apart_agree_as_soon_as_they_hear_each_other(
    steps: list[tuple[int, str, str]],
) -> None:
    pair = [Floor(), Floor()]
    for at, act, who in steps:
        pair[at] = pair[at].merged(told(pair[1 - at])) if act == "hears" else stepped(pair[at], act, who)
    both = pair[0].merged(told(pair[1]))
    assert both == pair[1].merged(told(pair[0])) == both.merged(both) == both.merged(told(pair[0]))


def test_a_turn_that_two_facilitators_end_at_once_is_one_turn_and_the_hand_stays_down() -> None:
    there = queue(hand("a")).given("a")
    here = told(there).merged(told(there))
    both = here.lowered("a").merged(there.lowered("a"))
    assert turns_of(both, ("room",)) == {"room": 1}
    assert both.merged(there).hands == ()
    assert [h.person for h in both.raised(hand("a")).merged(there).hands] == ["a"]


def test_the_wheel_stays_with_the_first_who_acted_and_goes_to_whom_it_was_given_last() -> None:
    first, second = Wheel().used("a", None, 10), Wheel().used("b", None, 20)
    assert first.merged(second, 30).person == second.merged(first, 30).person == "a"
    given_on = first.taken("b", None, 40)
    assert first.merged(given_on, 50).person == given_on.merged(first, 50).person == "b"
    back = given_on.taken("a", None, 5)  # by a clock that goes behind
    assert given_on.merged(back, 50).person == back.merged(given_on, 50).person == "a"
    assert first.merged(Wheel(), 50) == first


def test_a_holder_is_silent_by_the_clock_of_whoever_looks() -> None:
    far_ahead = Wheel().taken("a", None, 10**9)
    heard = Wheel().merged(far_ahead, 1_000)
    assert not heard.is_silent(60_999)
    assert heard.is_silent(61_000)
    assert heard.merged(far_ahead, 61_000) == heard


def test_figures_are_shown_for_every_group_or_for_none() -> None:
    figures = {"internal": 12, "external": 7}
    assert parity(figures, {"internal": 12, "external": 7}) == figures
    assert parity(figures, {"internal": 12, "external": 4}) is None


def test_nobody_asks_to_speak_while_people_write_or_vote_unseen() -> None:
    by_id = {r["id"]: {**r, "state": "running"} for r in ROUNDS}
    for role in ROLES:
        asks = role not in ("facilitator", "administrator")
        for live, refused in ((None, None), ("discuss", None), ("post", CLOSED), ("vote", CLOSED)):
            assert refusal_of(role, by_id.get(live or "")) == (refused if asks else "not_allowed")


CLOSED = "not_in_this_state"


def refusal_of(role: str, live: Record | None) -> str | None:
    try:
        check_hand(role, live)
    except Rejected as rejected:
        return rejected.code
    return None
