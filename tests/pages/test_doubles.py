"""Pairs that perhaps say the same: advice over what the asker sees, never a way to what is not published."""

from __future__ import annotations

from typing import Any

import pytest

from app import doubles
from app.boards import boards
from tests.client import card, op

TEXTS = (
    "Publier les délais de dédouanement",
    "Publication des délais de dédouanement",
    "Former les agents",
    "Payer par mobile",
    "Réparer le scanner",
)


class Room:
    """The demo with a facilitator and the five people of one table, who all write under one factor."""

    def __init__(self, browser: Any, entry: Any, people: Any) -> None:
        links = entry["links"]
        self.table = people("participant")[0].table
        own = [number for number, person in enumerate(people("participant")) if person.table == self.table]
        self.seats = [self._enter(browser, links["participants"][number]) for number in own]
        self.facilitator = self._enter(browser, links["facilitator"])
        self.board = boards.boards()[0]

    def _enter(self, browser: Any, link: str) -> tuple[Any, str]:
        opened = browser()
        return opened, f"/b/{opened.enter(link)}"

    def round(self) -> dict[str, Any]:
        found: dict[str, Any] = boards.moment(self.board).state["rounds"]["B1"]
        return found

    def send(self, seat: tuple[Any, str], kind: str, **payload: Any) -> None:
        (answer,) = seat[0].post_json(f"{seat[1]}/submit", {"ops": [op(kind, **payload)]}).json["results"]
        assert "code" not in answer, answer

    def command(self, verb: str) -> None:
        epoch = {} if verb == "start" else {"epoch": self.round()["epoch"]}
        self.send(self.facilitator, f"round.{verb}", round="B1", **epoch)

    def write(self) -> None:
        self.command("start")
        (factor,) = self.round()["scope"][self.table]
        for seat, text in zip(self.seats, TEXTS, strict=False):
            self.send(seat, "card.post", **card(self.round(), factor, text))

    def pairs(self, seat: tuple[Any, str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = seat[0].get(f"{seat[1]}/doubles").json["pairs"]
        return found


@pytest.fixture
def room(browser: Any, entry: Any, people: Any) -> Room:
    return Room(browser, entry, people)


def test_only_staff_are_told_of_cards_that_only_staff_can_see(room: Room) -> None:
    room.write()
    assert room.pairs(room.facilitator) == []  # sealed: not even they
    room.command("close")
    (closest, *_) = room.pairs(room.facilitator)
    texts = {boards.moment(room.board).state["cards"][id_]["text"] for id_ in closest["cards"]}
    assert (texts, closest["likely"]) == (set(TEXTS[:2]), True)
    assert room.pairs(room.seats[0]) == []
    room.command("publish")
    assert room.pairs(room.seats[0])[0]["cards"] == closest["cards"]


def test_what_staff_found_to_be_two_things_is_suggested_to_nobody_until_taken_back(room: Room) -> None:
    room.write()
    room.command("close")
    room.command("publish")
    before = room.pairs(room.seats[0])
    room.send(room.facilitator, "pair.dismiss", cards=before[0]["cards"])
    assert room.pairs(room.seats[0]) == before[1:] == room.pairs(room.facilitator)
    room.send(room.facilitator, "pair.recall", cards=before[0]["cards"])
    assert room.pairs(room.seats[0]) == before


def test_no_word_of_a_deleted_board_stays_in_memory(room: Room) -> None:
    room.write()
    room.command("close")
    room.pairs(room.facilitator)
    assert room.board in {board for board, _ in doubles._held}
    boards.delete(room.board)
    assert room.board not in {board for board, _ in doubles._held}


def test_a_stranger_learns_nothing(room: Room, browser: Any) -> None:
    assert browser().get(f"{room.facilitator[1]}/doubles").status_code == 404
