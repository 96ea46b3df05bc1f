"""The server's clock at work, on a clock that moves when told to: closing, extending, outages, batches, presence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app import messages
from app.domain.records import EVERYONE, STAFF_VIEW, View
from app.urn import Keys
from realtime.timekeeper import OUTAGE_MS
from realtime.viewers import Viewer, room
from tests.keeper import Keeper
from tests.seminar import BOARD, FACILITATOR, POST, Door, Secret, round_plan, seat

MINUTE_MS = 60_000


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(Door.with_board(tmp_path))


def test_a_round_closes_at_zero_after_the_grace_and_not_before(keeper: Keeper) -> None:
    keeper.door.command("start", "post")
    keeper.pass_time(10 * MINUTE_MS + 2_000)
    assert keeper.door.round("post")["state"] == "running"
    keeper.pass_time(500)
    assert keeper.door.round("post")["state"] == "closed"


def test_a_round_that_only_rings_stays_open(keeper: Keeper) -> None:
    keeper.door.command("start", "brief")
    keeper.pass_time(12 * MINUTE_MS)
    assert keeper.door.round("brief")["state"] == "running"


def test_an_extension_wins_against_the_close(keeper: Keeper) -> None:
    door = keeper.door
    door.command("start", "post")
    keeper.pass_time(9 * MINUTE_MS)
    door.command("extend", "post", ends_at_ms=door.round("post")["ends_at_ms"] + 3 * MINUTE_MS)
    keeper.pass_time(3 * MINUTE_MS)
    assert door.round("post")["state"] == "running"
    keeper.pass_time(2 * MINUTE_MS)
    assert door.round("post")["state"] == "closed"


def test_a_pause_keeps_the_time_that_was_left(keeper: Keeper) -> None:
    door = keeper.door
    door.command("start", "post")
    keeper.pass_time(4 * MINUTE_MS)
    door.command("pause", "post")
    keeper.pass_time(30 * MINUTE_MS)
    door.command("resume", "post")
    assert door.round("post")["ends_at_ms"] - door.clock.ms == 6 * MINUTE_MS


def test_a_short_restart_lets_the_round_go_on(keeper: Keeper) -> None:
    keeper.door.command("start", "post")
    keeper.pass_time(MINUTE_MS)
    ends = keeper.door.round("post")["ends_at_ms"]
    keeper.door.clock.ms += OUTAGE_MS - 5_000
    again = Keeper(keeper.door.again())
    again.timekeeper.resume()
    assert (again.door.round("post")["state"], again.door.round("post")["ends_at_ms"]) == ("running", ends)


def test_after_an_outage_the_round_is_paused_with_the_time_it_had(keeper: Keeper) -> None:
    keeper.door.command("start", "post")
    keeper.pass_time(MINUTE_MS)
    keeper.door.clock.ms += 40 * MINUTE_MS
    again = Keeper(keeper.door.again())
    again.timekeeper.resume()
    round_ = again.door.round("post")
    assert (round_["state"], round_["pause_reason"]) == ("paused", "outage")
    assert abs(round_["left_ms"] - 9 * MINUTE_MS) <= 5_000


def test_a_clock_that_was_set_back_pauses_the_round_too(keeper: Keeper) -> None:
    keeper.door.command("start", "post")
    keeper.pass_time(MINUTE_MS)
    keeper.door.clock.ms -= 120 * MINUTE_MS
    again = Keeper(keeper.door.again())
    again.timekeeper.resume()
    round_ = again.door.round("post")
    assert (round_["state"], round_["pause_reason"]) == ("paused", "outage")
    assert abs(round_["left_ms"] - 9 * MINUTE_MS) <= 5_000


def test_an_outage_is_paused_even_when_the_disk_takes_nothing_at_the_start(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.door.command("start", "post")
    keeper.pass_time(MINUTE_MS)
    keeper.door.clock.ms += 40 * MINUTE_MS
    again = Keeper(keeper.door.again())

    def full(_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr(again.door.database, "write", full)
        again.timekeeper.resume()
        again.pass_time(MINUTE_MS)
    assert again.door.round("post")["state"] == "running"
    again.pass_time(500)
    round_ = again.door.round("post")
    assert (round_["state"], round_["pause_reason"]) == ("paused", "outage")
    assert abs(round_["left_ms"] - 9 * MINUTE_MS) <= 5_000


def test_a_start_finishes_the_destruction_of_keys_that_a_crash_interrupted(keeper: Keeper) -> None:
    stray = keeper.door.volatile / ("0" * 64)
    stray.write_bytes(b"k" * 32)
    keeper.door.command("start", "post")
    keeper.timekeeper.resume()
    assert not stray.exists()
    assert len(list(keeper.door.volatile.iterdir())) == 1


def test_a_batch_is_released_once_five_people_wrote(keeper: Keeper) -> None:
    door = keeper.door
    door.command("start", "carousel")
    for number in range(1, 5):
        door.post(number, f"n{number}", "carousel", secret=Secret())
    keeper.pass_time(MINUTE_MS)
    assert door.cards() == []
    door.post(5, "n5", "carousel")
    keeper.pass_time(15_000)
    assert len(door.cards()) == 5


def test_who_comes_and_goes_is_not_counted_while_a_round_is_sealed(keeper: Keeper) -> None:
    keeper.viewers.add(Viewer("s1", "h1", BOARD, EVERYONE))
    keeper.door.command("start", "post")
    assert told(keeper, EVERYONE) == {"online": 1, "frozen": True}
    keeper.viewers.add(Viewer("s2", "h2", BOARD, EVERYONE))
    assert told(keeper, EVERYONE) == {"online": 1, "frozen": True}
    keeper.door.command("close", "post")
    assert told(keeper, EVERYONE) == {"online": 2, "frozen": False}


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


def test_staff_alone_are_told_since_when_the_remote_side_is_cut(keeper: Keeper) -> None:
    minutes: int | None = None
    keeper.presence.remote_cut_min = lambda: minutes
    joined(keeper, 1)
    assert "remote_cut_min" not in told(keeper, STAFF_VIEW)
    minutes = 4
    assert told(keeper, STAFF_VIEW)["remote_cut_min"] == 4
    assert "remote_cut_min" not in told(keeper, EVERYONE)


def told(keeper: Keeper, view: View) -> Any:
    """What the viewers of a board were last told, after a tick."""
    ears = Ears(keeper)
    keeper.presence.changed(BOARD)
    keeper.presence.tick(BOARD)
    return ears.to("presence", room(BOARD, view))


def vote(door: Door, number: int, target: str) -> None:
    door.do(seat(number), "ballot.cast", round="vote", epoch=1, revision=1, choices={target: 1})


def test_a_table_with_longer_keeps_the_round_open_for_itself_alone(keeper: Keeper) -> None:
    keeper.door.command("start", "post")
    end = keeper.door.round("post")["ends_at_ms"] + 2 * MINUTE_MS
    keeper.door.command("extend", "post", ends_at_ms=end, table="T1")
    keeper.pass_time(10 * MINUTE_MS + 2_500)
    assert keeper.door.round("post")["state"] == "running"
    assert keeper.door.post(1, "encore une")["sealed"]
    assert keeper.door.post(2, "trop tard")["code"] == "round_over"
    keeper.pass_time(2 * MINUTE_MS)
    assert keeper.door.round("post")["state"] == "closed"


def test_an_outage_gives_every_table_back_the_time_it_had(tmp_path: Path) -> None:
    keeper = Keeper(Door.with_board(tmp_path))
    keeper.door.command("start", "post")
    end = keeper.door.round("post")["ends_at_ms"] + 5 * MINUTE_MS
    keeper.door.command("extend", "post", ends_at_ms=end, table="T1")
    keeper.pass_time(12 * MINUTE_MS)
    again = Keeper(keeper.door.again())
    again.door.clock.ms += 30 * MINUTE_MS
    again.timekeeper.resume()
    round_ = again.door.round("post")
    assert (round_["state"], round_["pause_reason"]) == ("paused", "outage")
    assert round_["left_ms"] + round_["extra"]["T1"] == pytest.approx(3 * MINUTE_MS, abs=5_000)


@pytest.mark.parametrize("release", ["at_once", "signed"])
def test_cards_that_are_shown_at_once_leave_the_urn_within_a_second_and_keep_their_budget(
    tmp_path: Path, release: str
) -> None:
    rules = {**POST, "release": release, "review": False, "cards_per_person": 1}
    keeper = Keeper(Door.with_board(tmp_path, rounds=[round_plan("post", "post", **rules)]))
    keeper.door.command("start", "post")
    signed = {"signed": True} if release == "signed" else {}
    card = {"round": "post", "epoch": 1, "factor": "F01", "text": "Merci", **signed}
    person = replace(seat(1), name={"fr": "Siège 1", "en": "Seat 1"})
    keeper.door.do(person, "card.post", **card, secret_hash=Secret().hash)
    keeper.pass_time(1_000)
    (shown,) = keeper.door.cards()
    assert (shown["text"], shown["name"]) == ("Merci", person.name if signed else None)
    refused = keeper.door.send(person, "card.post", **card, secret_hash=Secret().hash)
    assert refused["code"] == "budget_spent"
    keeper.door.command("close", "post")
    assert len(keeper.door.cards()) == 1


def test_the_clock_starts_the_next_round_and_only_once(tmp_path: Path) -> None:
    rounds_ = [
        round_plan("one", "brief", order=1, at_zero="advance"),
        round_plan("two", "brief", order=2),
    ]
    keeper = Keeper(Door.with_board(tmp_path, rounds=rounds_))
    keeper.door.command("start", "one")
    keeper.pass_time(10 * MINUTE_MS + 1_000)
    assert (keeper.door.round("one")["state"], keeper.door.round("two")["epoch"]) == ("published", 1)
    keeper.pass_time(1_000)
    assert keeper.door.round("two")["epoch"] == 1


# --- what staff are told ---


class Ears:
    """Stands where the server's `emit` is, and keeps what was said last, by event and listener."""

    def __init__(self, keeper: Keeper) -> None:
        self.said: dict[tuple[str, str], Any] = {}
        for speaker in (keeper.presence, keeper.floors):
            speaker._server.emit = self.hear

    def hear(self, event: str, data: Any, to: str) -> None:
        messages.FROM_SERVER[event].load(data)  # raises when the frame is not what the protocol says
        self.said[(event, to)] = data

    def to(self, event: str, listener: str) -> Any:
        return self.said.get((event, listener))


STAFF_ROOM = room(BOARD, STAFF_VIEW)


def joined(keeper: Keeper, *numbers: int) -> None:
    """Seats of both sides and places that have joined and are connected."""
    for number in numbers:
        actor = seat(number)
        place = "remote" if number % 2 == 0 else "room"
        keeper.groups[actor.person or ""] = (actor.side, place)
        keeper.viewers.add(Viewer(f"s{number}", f"h{number}", BOARD, EVERYONE, actor.person or ""))
    keeper.viewers.add(Viewer("console", "hf", BOARD, STAFF_VIEW, "fac", {"en": "Facilitator"}))


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


def test_the_parity_meter_waits_until_five_stand_behind_each_side(keeper: Keeper) -> None:
    ears = Ears(keeper)
    joined(keeper, *range(1, 11))
    keeper.door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    keeper.door.command("start", "cards-vote")
    (card, *_) = keeper.door.cards()
    ballot = {"round": "cards-vote", "epoch": 1, "revision": 1, "choices": {card["id"]: 1}}
    for number in range(1, 10):
        keeper.door.do(seat(number), "ballot.cast", **ballot)
    keeper.pass_time(16_000)
    assert ears.to("presence", STAFF_ROOM)["parity"]["ballots"]["sides"] is None
    keeper.door.do(seat(10), "ballot.cast", **ballot)
    keeper.pass_time(16_000)
    told = ears.to("presence", STAFF_ROOM)["parity"]
    assert told["ballots"]["sides"] == {"internal": 5, "external": 5}
    assert "parity" not in ears.to("presence", room(BOARD, EVERYONE))


def test_the_parity_meter_finds_a_key_that_another_worker_made(keeper: Keeper) -> None:
    joined(keeper, *range(1, 11))
    keeper.door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    keeper.door.command("start", "cards-vote")
    (card, *_) = keeper.door.cards()
    ballot = {"round": "cards-vote", "epoch": 1, "revision": 1, "choices": {card["id"]: 1}}
    for number in range(1, 11):
        keeper.door.do(seat(number), "ballot.cast", **ballot)
    keeper.door.boards.keys = Keys(keeper.door.volatile)
    assert told(keeper, STAFF_VIEW)["parity"]["ballots"]["sides"] == {"internal": 5, "external": 5}


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
    keeper.floors.hand(BOARD, seat(1), "room", up=True)
    assert ears.to("floor", "s1") is None


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
