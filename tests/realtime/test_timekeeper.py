"""The server's clock at work, on a clock that moves when told to: closing, extending, outages, batches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from realtime.timekeeper import OUTAGE_MS
from tests.keeper import Keeper
from tests.seminar import POST, Door, Secret, round_plan, seat

MINUTE_MS = 60_000


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


def test_a_crash_in_the_moment_after_a_round_began_leaves_it_all_of_its_time(keeper: Keeper) -> None:
    """Its clock is kept by the commit that begins it, not by the next tick."""
    for verb in ("start", "reopen"):
        keeper.door.command(verb, "post", **({"minutes": 10} if verb == "reopen" else {}))
        keeper.door.clock.ms += 40 * MINUTE_MS
        keeper = Keeper(keeper.door.again())
        keeper.timekeeper.resume()
        round_ = keeper.door.round("post")
        assert (round_["state"], round_["pause_reason"]) == ("paused", "outage"), verb
        assert round_["left_ms"] == 10 * MINUTE_MS
        keeper.door.command("resume", "post")
        keeper.door.command("close", "post")
        keeper.door.command("publish", "post")


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


def test_a_batch_is_released_once_more_than_five_people_wait(keeper: Keeper) -> None:
    door = keeper.door
    door.command("start", "carousel")
    for number in range(1, 6):
        door.post(number, f"n{number}", "carousel", secret=Secret())
    keeper.pass_time(MINUTE_MS)
    assert door.cards() == []
    door.post(6, "n6", "carousel")
    keeper.pass_time(15_000)
    assert len(door.cards()) == 1
    keeper.pass_time(MINUTE_MS)
    assert len(door.cards()) == 1


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
