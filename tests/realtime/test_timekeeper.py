"""The server's clock at work, on a clock that moves when told to: closing, extending, outages, batches, presence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import socketio
from sqlalchemy.exc import OperationalError

from app.domain.records import EVERYONE, STAFF_VIEW
from realtime.presence import Presence
from realtime.timekeeper import OUTAGE_MS, Timekeeper
from realtime.viewers import Viewer, Viewers
from tests.seminar import BOARD, Door, Secret, seat

MINUTE_MS = 60_000


class Keeper:
    """A timekeeper over a door, without sockets: what it says goes to nobody."""

    def __init__(self, door: Door) -> None:
        self.door, self.viewers = door, Viewers()
        server = socketio.Server(async_mode="threading")
        self.presence = Presence(server, door.boards, self.viewers, lambda board: 0)
        self.timekeeper = Timekeeper(door.boards, server, self.viewers, self.presence, lambda seconds: None)

    def pass_time(self, ms: int) -> None:
        """Time goes by in half seconds, as the loop has it."""
        for _ in range(0, ms, 500):
            self.door.clock.ms += 500
            self.timekeeper.tick()


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
    before = keeper.presence._online(BOARD)
    keeper.viewers.add(Viewer("s2", "h2", BOARD, EVERYONE))
    assert keeper.presence._online(BOARD) == before
    keeper.door.command("close", "post")
    assert keeper.presence._online(BOARD) == {"online": 2}


def test_turnout_is_told_from_ten_up_and_never_who(tmp_path: Path) -> None:
    keeper = Keeper(Door.with_board(tmp_path, seats=12))
    cards = keeper.door.publish_cards("un", "deux", "trois", "quatre", "cinq")
    keeper.viewers.add(Viewer("s1", "h1", BOARD, STAFF_VIEW))
    keeper.door.command("start", "vote")

    def turnout() -> Any:
        return keeper.presence._for_staff(BOARD)["turnout"]

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
    assert "remote_cut_min" not in keeper.presence._for_staff(BOARD)
    minutes = 4
    assert keeper.presence._for_staff(BOARD)["remote_cut_min"] == 4
    assert "remote_cut_min" not in keeper.presence._online(BOARD)


def vote(door: Door, number: int, target: str) -> None:
    door.do(seat(number), "ballot.cast", round="vote", epoch=1, revision=1, choices={target: 1})
