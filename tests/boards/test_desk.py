"""Cards from a scribe's desk, through the one door: in the urn under the person's own row keys, and nowhere a trace of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.custody import KEY_HELD_MS
from app.domain.operations import Actor
from app.store.log import read
from tests.seminar import BOARD, Door, Secret, seat
from tests.stores import database_url  # noqa: F401

SCRIBE = Actor("scribe-person", "scribe", "T1", name={"fr": "Scribe", "en": "Scribe"})


def scribe(*numbers: int) -> Actor:
    return Actor(SCRIBE.person, "scribe", "T1", desk={str(n): seat(n, "T1") for n in numbers})


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[Door]:  # noqa: F811
    door = Door.with_board(tmp_path, url=database_url)
    door.command("start", "post")
    yield door
    door.database.close()


def enter(
    door: Door, number: int, text: str, secret: Secret | None = None, **more: object
) -> dict[str, object]:
    card = {
        "round": "post",
        "epoch": 1,
        "factor": "F01",
        "text": text,
        "secret_hash": (secret or Secret()).hash,
    }
    return door.send(scribe(1, 2, 3, 4), "card.enter", **{**card, "seat": str(number), **more})


def test_desk_and_own_device_spend_one_budget_in_whatever_order(door: Door) -> None:
    assert enter(door, 1, "dictée")["sealed"]
    assert door.post(1, "tapée")["sealed"]
    assert enter(door, 1, "dictée encore")["sealed"]
    assert door.post(1, "tapée encore")["code"] == "budget_spent"
    assert enter(door, 1, "dictée de trop")["code"] == "budget_spent"
    assert enter(door, 2, "une autre personne")["sealed"]


def test_the_desk_edits_and_withdraws_what_it_entered_until_the_close_and_nobody_else_can(door: Door) -> None:
    secret, other = Secret(), Secret()
    enter(door, 1, "premier jet", secret)
    enter(door, 2, "à retirer", other)
    edit = {"round": "post", "epoch": 1, "revision": 2, "text": "mieux dit"}
    # The person's own device has no secret of it: the same answer as for a card that is not there.
    assert door.send(seat(1), "card.edit", secret=Secret().hex, **edit)["code"] == "gone"
    door.do(scribe(), "card.edit", secret=secret.hex, **edit)
    door.do(scribe(), "card.withdraw", round="post", epoch=1, revision=2, secret=other.hex)
    door.command("close", "post")
    assert [card["text"] for card in door.cards("all", "staff")] == ["mieux dit"]
    assert (
        door.send(scribe(), "card.edit", secret=secret.hex, **{**edit, "revision": 3})["code"] == "round_over"
    )


def test_four_people_through_the_desk_and_everybody_alone_leave_the_same_board(door: Door) -> None:
    for number in range(1, 9):
        for text in (f"Idée {number} a", f"Idée {number} b"):
            assert (enter(door, number, text) if number <= 4 else door.post(number, text))["sealed"]
    door.command("close", "post")
    cards = door.cards("all", "staff")
    assert sorted(card["text"] for card in cards) == sorted(
        f"Idée {n} {x}" for n in range(1, 9) for x in "ab"
    )
    # No field tells a dictated card from another one.
    assert len({(*sorted(card), card["name"], card["state"], card["audience"]) for card in cards}) == 1


def test_nothing_durable_names_the_scribe_or_the_seat_of_a_dictated_card(door: Door) -> None:
    head = door.boards.moment(BOARD).head
    enter(door, 1, "dictée")
    door.post(3, "tapée")
    assert door.boards.moment(BOARD).head == head
    kept = door.database.read(
        lambda c: [
            tuple(row)
            for table in ("urn_texts", "urn_ops")
            for row in c.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    )
    assert len(kept) == 4
    values = [bytes(value) if isinstance(value, memoryview) else value for row in kept for value in row]
    assert not any("scribe" in repr(value) for value in values)
    # Two letters may stand in random bytes by chance: there, no whole value is a seat.
    for who in ("p1", "p3"):
        assert who.encode() not in values
        assert not any(who in value for value in values if isinstance(value, str))
    door.command("close", "post")
    entries = door.database.read(lambda c: read(c, BOARD))
    assert not any("scribe-person" in repr(entry) or "card.enter" in repr(entry) for entry in entries)


def test_after_the_key_was_lost_the_desk_claims_for_the_seat_it_entered_for(door: Door) -> None:
    secret = Secret()
    enter(door, 1, "dictée", secret)
    door = door_after_power_cut(door)
    assert door.post(2, "tapée")["code"] == "retry"
    claim = {"round": "post", "epoch": 1, "factor": "F01", "secret": secret.hex}
    door.do(scribe(1), "card.claim", **claim, seat="1")
    assert [door.post(1, f"tapée {n}").get("code") for n in range(3)] == [None, None, "budget_spent"]


def door_after_power_cut(door: Door) -> Door:
    for file in door.volatile.iterdir():
        file.unlink()
    door.database.close()
    door.clock.ms += KEY_HELD_MS  # nobody has said since that he holds the key
    return door.again()
