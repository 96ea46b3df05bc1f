"""What the people of a board and its staff are told of who is here, who takes part, and how far a vote is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.records import EVERYONE, STAFF_VIEW
from app.urn.keys import Keys
from realtime.viewers import Viewer, room
from tests.keeper import Keeper
from tests.realtime.ears import STAFF_ROOM, Ears, joined, told
from tests.seminar import BOARD, FACILITATOR, Door, seat


def test_who_comes_and_goes_is_not_counted_while_a_round_is_sealed(keeper: Keeper) -> None:
    keeper.viewers.add(Viewer("s1", "h1", BOARD, EVERYONE))
    keeper.door.command("start", "post")
    assert told(keeper, EVERYONE) == {"online": 1, "frozen": True, "seats": len(keeper.door.seats)}
    keeper.viewers.add(Viewer("s2", "h2", BOARD, EVERYONE))
    assert told(keeper, EVERYONE) == {"online": 1, "frozen": True, "seats": len(keeper.door.seats)}
    keeper.door.command("close", "post")
    assert told(keeper, EVERYONE) == {"online": 2, "frozen": False, "seats": len(keeper.groups)}


def test_turnout_is_told_from_ten_up_and_never_who(tmp_path: Path) -> None:
    keeper = Keeper(Door.with_board(tmp_path, seats=12))
    cards = keeper.door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    keeper.viewers.add(Viewer("s1", "h1", BOARD, STAFF_VIEW))
    keeper.door.command("start", "vote")

    def turnout() -> Any:
        return told(keeper, STAFF_VIEW)["turnout"]

    for number in range(1, 10):
        vote(keeper.door, number, cards[0])
    assert turnout()["count"] is None
    vote(keeper.door, 10, cards[0])
    assert turnout()["count"] is None  # it moves every fifteen seconds, not with each tap
    keeper.door.clock.ms += 15_000
    assert turnout() == {"round": "vote", "epoch": 1, "kind": "ballots", "count": 10, "seats": 12}


def test_a_sheet_adds_to_what_staff_are_told_and_never_whether_its_seat_has_voted_too(tmp_path: Path) -> None:
    keeper = Keeper(Door.with_board(tmp_path, seats=14))
    keeper.groups = {f"p{n}": (("internal", "external")[n % 2], "room") for n in range(1, 15)}
    door, (card, *_) = keeper.door, keeper.door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    keeper.viewers.add(Viewer("s1", "h1", BOARD, STAFF_VIEW))
    keeper.viewers.add(Viewer("s2", "h2", BOARD, EVERYONE))
    door.command("start", "vote")
    for number in range(1, 11):
        vote(door, number, card)

    def figures(number: int) -> tuple[int, dict[str, int], dict[str, int]]:
        """After two people have read a sheet of this seat."""
        for hands in ("one", "other"):
            reader = replace(FACILITATOR, person=hands, desk={str(number): seat(number)})
            sheet = {"round": "vote", "epoch": 1, "seat": str(number), "choices": {card: 1}}
            door.do(reader, "ballot.paper", **sheet)
        door.clock.ms += 15_000
        staff = told(keeper, STAFF_VIEW)
        return staff["turnout"]["count"], staff["parity"]["ballots"]["sides"], staff["paper"]

    paper = {"round": "vote", "epoch": 1, "waiting": 0}
    # Seats 2 and 4 have voted on a device, 12 and 14 have not: the numbers move alike.
    assert figures(2) == (11, {"internal": 6, "external": 5}, {**paper, "entered": 1})
    assert figures(12) == (12, {"internal": 7, "external": 5}, {**paper, "entered": 2})
    assert figures(4) == (13, {"internal": 7, "external": 5}, {**paper, "entered": 3}), (
        "never more than seats"
    )
    assert "paper" not in told(keeper, EVERYONE)
    door.command("close", "vote")
    after = told(keeper, STAFF_VIEW)
    assert after["paper"] == {**paper, "entered": 3}
    assert "turnout" not in after
    door.command("publish", "vote")
    assert "paper" not in told(keeper, STAFF_VIEW)


def test_staff_alone_are_told_since_when_the_remote_side_is_cut(keeper: Keeper) -> None:
    minutes: int | None = None
    keeper.presence.remote_cut_min = lambda: minutes
    joined(keeper, 1)
    assert "remote_cut_min" not in told(keeper, STAFF_VIEW)
    minutes = 4
    assert told(keeper, STAFF_VIEW)["remote_cut_min"] == 4
    assert "remote_cut_min" not in told(keeper, EVERYONE)


def vote(door: Door, number: int, target: str) -> None:
    door.do(seat(number), "ballot.cast", round="vote", epoch=1, revision=1, choices={target: 1})


def test_devices_that_were_away_at_the_close_are_counted_and_never_named(keeper: Keeper) -> None:
    ears = Ears(keeper)
    joined(keeper, *range(1, 9))
    keeper.door.command("start", "post")
    keeper.pass_time(2_000)
    for number in (1, 2, 3):
        keeper.viewers.forget(f"s{number}")
    keeper.pass_time(2_000)
    told = ears.to("presence", STAFF_ROOM)
    assert (told["online"], told["offline"], told["frozen"]) == (9, 0, True)
    keeper.door.command("close", "post")
    keeper.pass_time(2_000)
    told = ears.to("presence", STAFF_ROOM)
    assert told["absent"] == {"round": "post", "epoch": 1, "count": 3}
    assert (told["online"], told["offline"], told["frozen"]) == (6, 3, False)


def test_who_took_part_is_not_kept_longer_than_the_round_by_a_worker_that_all_have_left(
    keeper: Keeper,
) -> None:
    ears = Ears(keeper)
    joined(keeper, 1, 2, 3)
    keeper.door.command("start", "post")
    keeper.pass_time(2_000)
    for sid in ("s1", "s2", "s3", "console"):
        keeper.viewers.forget(sid)
    keeper.door.command("close", "post")
    keeper.pass_time(2_000)
    absent = {"round": "post", "epoch": 1, "count": 4}
    assert keeper.presence.attendance.said() == {BOARD: {"away": absent}}, "no handle of a seat"
    joined(keeper, 1)
    keeper.pass_time(2_000)
    assert ears.to("presence", STAFF_ROOM)["absent"] == absent, "as it was at the close"


def ten_at_a_vote(keeper: Keeper) -> Callable[[int], Any]:
    """A vote on cards, and ten people who are there; returns how one of them votes."""
    joined(keeper, *range(1, 11))
    keeper.door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    keeper.door.command("start", "cards-vote")
    (card, *_) = keeper.door.cards()
    ballot = {"round": "cards-vote", "epoch": 1, "revision": 1, "choices": {card["id"]: 1}}
    return lambda number: keeper.door.do(seat(number), "ballot.cast", **ballot)


def test_the_parity_meter_waits_until_five_stand_behind_each_side(keeper: Keeper) -> None:
    ears = Ears(keeper)
    cast = ten_at_a_vote(keeper)
    for number in range(1, 10):
        cast(number)
    keeper.pass_time(16_000)
    assert ears.to("presence", STAFF_ROOM)["parity"]["ballots"]["sides"] is None
    cast(10)
    keeper.pass_time(16_000)
    told = ears.to("presence", STAFF_ROOM)["parity"]
    assert told["ballots"]["sides"] == {"internal": 5, "external": 5}
    assert "parity" not in ears.to("presence", room(BOARD, EVERYONE))


def test_the_parity_meter_finds_a_key_that_another_worker_made(keeper: Keeper) -> None:
    cast = ten_at_a_vote(keeper)
    for number in range(1, 11):
        cast(number)
    keeper.door.boards.custody.keys = Keys(keeper.door.volatile)
    assert told(keeper, STAFF_VIEW)["parity"]["ballots"]["sides"] == {"internal": 5, "external": 5}
