"""Paper ballots through the one door: two people, every order, one ballot a seat; and what lies on the disk meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from app.custody import KEY_HELD_MS
from app.desks import box_of
from app.domain.operations import Actor
from app.moments import key_name
from app.urn.papers import MOST_MISSES
from tests.seminar import BOARD, FACILITATOR, Door, Secret, operation, seat
from tests.stores import database_url, postgres_url  # noqa: F401

SEATS = {str(n): seat(n) for n in range(1, 9)}
SCRIBE = Actor("scribe-person", "scribe", "T1", desk={m: s for m, s in SEATS.items() if s.table == "T1"})
CHAIR = replace(FACILITATOR, desk=SEATS)
OTHER = replace(CHAIR, person="co-fac")


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[Door]:  # noqa: F811
    door = Door.with_board(tmp_path, url=database_url)
    begin(door)
    yield door
    door.database.close()


def begin(door: Door) -> None:
    door.publish_cards(*(f"Action {n}" for n in range(4)))
    door.command("start", "cards-vote")


def points(door: Door, *given: int) -> dict[str, int]:
    return {card["id"]: n for card, n in zip(door.cards(), given, strict=False) if n}


def paper(door: Door, by: Actor, number: int, choices: dict[str, int] | None, **more: Any) -> dict[str, Any]:
    at = {"round": "cards-vote", "epoch": 1, "seat": str(number)}
    return door.send(by, "ballot.paper", **at, choices=choices, **more)


def cast(door: Door, number: int, choices: dict[str, int], revision: int = 1) -> dict[str, Any]:
    at = {"round": "cards-vote", "epoch": 1, "revision": revision}
    return door.send(seat(number), "ballot.cast", **at, choices=choices)


def standing(door: Door) -> tuple[int, int]:
    box = box_of(door.boards, BOARD)
    assert box
    found = door.boards.read(box[1].papers.standing)
    return found.confirmed, found.waiting


def result(door: Door) -> dict[str, Any]:
    """Closed, where it is not, and published: what everybody sees of the vote."""
    if door.round("cards-vote")["state"] != "closed":
        door.command("close", "cards-vote")
    door.command("publish", "cards-vote")
    told = door.state["tallies"]["cards-vote:1"]
    return {**told["paper"], "ballots": told["ballots"], "totals": [row["total"] for row in told["rows"]]}


def test_one_reading_counts_nothing_and_an_equal_one_of_a_second_person_counts(door: Door) -> None:
    assert paper(door, SCRIBE, 1, points(door, 2, 1)).get("sealed")
    assert standing(door) == (0, 1)
    assert paper(door, SCRIBE, 1, points(door, 2, 1)).get("sealed"), "the same person again confirms nothing"
    assert standing(door) == (0, 1)
    assert paper(door, CHAIR, 1, points(door, 2, 1)).get("sealed")
    assert standing(door) == (1, 0)
    assert paper(door, SCRIBE, 3, points(door, 0, 0, 2)).get("sealed")
    assert result(door) == {
        "counted": None,
        "unconfirmed": 1,
        "overruled": 0,
        "ballots": 1,
        "totals": [2, 1, 0, 0],
    }


def test_unequal_readings_wait_for_a_look_at_the_paper_and_then_for_the_first_person_again(
    door: Door,
) -> None:
    paper(door, SCRIBE, 1, points(door, 2, 1))
    refused = paper(door, CHAIR, 1, points(door, 2, 0, 1))
    assert (refused["code"], refused["data"]) == ("paper_differs", {}), "nothing of what the other read"
    assert paper(door, CHAIR, 1, points(door, 2, 0, 1), instead=True).get("sealed")
    assert standing(door) == (0, 1), "the one who looked again does not confirm the own reading"
    assert paper(door, CHAIR, 1, points(door, 2, 0, 1)).get("sealed")
    assert standing(door) == (0, 1)
    assert paper(door, SCRIBE, 1, points(door, 2, 0, 1)).get("sealed")
    assert result(door)["totals"] == [2, 0, 1, 0]


def test_a_confirmed_paper_is_changed_by_two_people_only(door: Door) -> None:
    for by in (SCRIBE, CHAIR):
        paper(door, by, 1, points(door, 2, 1))
    assert paper(door, SCRIBE, 1, points(door, 0, 0, 2))["code"] == "paper_differs"
    assert paper(door, SCRIBE, 1, None).get("sealed")
    assert standing(door) == (1, 0), "there is nothing to take back"
    assert paper(door, SCRIBE, 1, points(door, 0, 0, 2), instead=True).get("sealed")
    assert standing(door) == (1, 1), "what two agreed on stands until two agree on something else"
    assert paper(door, SCRIBE, 1, None).get("sealed")
    assert standing(door) == (1, 0)
    paper(door, CHAIR, 3, points(door, 1))
    paper(door, SCRIBE, 3, points(door, 1))
    paper(door, SCRIBE, 3, points(door, 0, 0, 2), instead=True)
    paper(door, CHAIR, 3, points(door, 0, 0, 2))
    assert result(door)["totals"] == [2, 1, 2, 0]


def test_who_mistypes_puts_it_right_alone_and_a_sheet_for_the_wrong_seat_is_taken_back(door: Door) -> None:
    paper(door, SCRIBE, 1, points(door, 1))
    assert paper(door, SCRIBE, 1, points(door, 2)).get("sealed")
    assert paper(door, CHAIR, 1, points(door, 2)).get("sealed")
    paper(door, SCRIBE, 3, points(door, 2))
    assert standing(door) == (1, 1)
    assert paper(door, CHAIR, 3, None).get("sealed")
    assert paper(door, CHAIR, 3, None).get("sealed"), "there is none any more"
    assert standing(door) == (1, 0)


def test_nobody_finds_out_by_trying_what_the_other_read(door: Door) -> None:
    secret = points(door, 1, 2)
    paper(door, SCRIBE, 1, secret)
    for guess in range(MOST_MISSES):
        assert paper(door, CHAIR, 1, points(door, 0, 0, 1, guess))["code"] == "paper_differs"
    assert paper(door, CHAIR, 1, secret)["code"] == "paper_differs", "the right guess comes too late"
    assert standing(door) == (0, 1)
    assert paper(door, CHAIR, 1, secret, instead=True).get("sealed")
    assert paper(door, SCRIBE, 1, secret).get("sealed")
    assert standing(door) == (1, 0)
    # Nor what two people agreed on: not by reading it, and not by reading something instead of it.
    for guess in range(MOST_MISSES):
        assert paper(door, OTHER, 1, points(door, 0, 0, 1, guess))["code"] == "paper_differs"
    assert paper(door, OTHER, 1, secret)["code"] == "paper_differs"
    for guess in (points(door, 0, 0, 1), secret):
        assert paper(door, OTHER, 1, guess, instead=True).get("sealed")
        assert standing(door) == (1, 1), "right or wrong, it waits"
        paper(door, OTHER, 1, None)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_seat_with_a_ballot_from_a_device_and_a_sheet_counts_once_in_whatever_order(
    door: Door, order: tuple[int, ...]
) -> None:
    """The own hand goes before the hands of others."""
    acts = [
        lambda: cast(door, 1, points(door, 0, 0, 0, 2)),
        lambda: paper(door, SCRIBE, 1, points(door, 2, 1)),
        lambda: paper(door, CHAIR, 1, points(door, 2, 1)),
    ]
    for act in order:
        assert acts[act]().get("sealed"), "no answer tells a desk whether the seat has voted"
    told = result(door)
    assert (told["ballots"], told["overruled"], told["totals"]) == (1, 1, [0, 0, 0, 2])


def test_two_people_cannot_vote_over_somebodys_head(door: Door) -> None:
    cast(door, 1, points(door, 2))
    for by in (SCRIBE, CHAIR, OTHER):
        paper(door, by, 1, points(door, 0, 0, 0, 2))
    assert cast(door, 1, points(door, 1, 1), revision=2).get("sealed"), "nor keep anybody from voting"
    assert result(door)["totals"] == [1, 1, 0, 0]


def test_five_sheets_after_the_bell_count_and_are_told(door: Door) -> None:
    cast(door, 8, points(door, 1))
    door.command("close", "cards-vote")
    for number in range(1, 6):
        for by in (CHAIR, OTHER):
            assert paper(door, by, number, points(door, 2)).get("sealed")
    assert cast(door, 6, points(door, 1))["code"] == "round_over"
    told = result(door)
    assert (told["counted"], told["ballots"], told["totals"][0]) == (5, 6, 11)
    assert paper(door, CHAIR, 6, points(door, 1))["code"] == "round_over"


def test_nothing_durable_tells_whose_a_sheet_is_who_entered_it_or_what_it_says(door: Door) -> None:
    head = door.boards.moment(BOARD).head
    choices = points(door, 2, 1)
    paper(door, SCRIBE, 1, choices)
    paper(door, CHAIR, 1, choices)
    paper(door, SCRIBE, 3, points(door, 1))
    assert door.boards.moment(BOARD).head == head, "not in the log"
    rows = door.database.read(lambda c: list(c.exec_driver_sql("SELECT * FROM urn_papers")))
    assert len({len(row.sealed) for row in rows}) == 1, "confirmed or not, one size"
    plain = [repr(row[:3]) for row in rows]
    kept = [bytes(row.sealed) + bytes(row.key) + told.encode() for row, told in zip(rows, plain, strict=True)]
    for word in (b"scribe-person", *(card.encode() for card in choices)):
        assert not any(word in row for row in kept)
    # Too short to be told from chance among random bytes.
    for word in ("fac", "p1", "p3"):
        assert not any(word in told for told in plain)
    result(door)
    assert door.database.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM urn_papers").scalar()) == 0


def test_after_a_power_cut_the_sheets_are_still_there_and_are_entered_again(tmp_path: Path) -> None:
    door = Door.with_board(tmp_path)
    begin(door)
    for by in (SCRIBE, CHAIR):
        paper(door, by, 1, points(door, 2))
    for file in door.volatile.iterdir():
        file.unlink()
    door.database.close()
    door.clock.ms += KEY_HELD_MS
    door = door.again()
    assert paper(door, SCRIBE, 1, points(door, 2))["code"] == "retry"
    assert standing(door) == (0, 0)
    for by in (SCRIBE, CHAIR):
        assert paper(door, by, 1, points(door, 2)).get("sealed")
    assert result(door)["totals"][0] == 2
    door.database.close()


def test_the_loss_of_one_urn_s_key_voids_no_sheet_in_another(door: Door) -> None:
    """One desk sends a card of the round that is live and a sheet of the vote before it, in one frame."""
    for by in (SCRIBE, CHAIR):
        paper(door, by, 1, points(door, 2))
    door.command("close", "cards-vote")
    door.command("start", "carousel")
    live = key_name(BOARD, door.round("carousel"))
    door.boards.custody.keys.destroy(live)
    door.clock.ms += KEY_HELD_MS
    card = {"round": "carousel", "epoch": 1, "factor": "F01", "text": "Idée", "seat": "1", "signed": False}
    sheet = {"round": "cards-vote", "epoch": 1, "seat": "3", "choices": points(door, 1), "instead": False}
    both = [
        operation("card.enter", **card, secret_hash=Secret().hash),
        operation("ballot.paper", **sheet),
    ]
    assert {answer["code"] for answer in door.boards.submit_now(BOARD, CHAIR, both)} == {"retry"}
    assert (door.round("carousel")["key"], door.round("cards-vote")["key"]) == (2, 1)
    assert all(answer["sealed"] for answer in door.boards.submit_now(BOARD, CHAIR, both))
    assert standing(door) == (1, 1)


@pytest.fixture
def doors(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Door, Door]]:  # noqa: F811
    first = Door.with_board(tmp_path, url=postgres_url)
    begin(first)
    second = first.beside()
    second.boards.moment(BOARD)
    yield first, second
    for door in (first, second):
        door.database.close()


def test_two_desks_at_two_workers_at_the_same_moment_confirm_each_other_once(
    doors: tuple[Door, Door],
) -> None:
    first, second = doors
    numbers = (1, 3, 5, 7)
    with ThreadPoolExecutor(2) as pool:
        for number in numbers:
            choices = points(first, 1, 1)
            pair = [(first, SCRIBE), (second, CHAIR)]
            answers = list(pool.map(lambda one: paper(one[0], one[1], number, choices), pair))  # noqa: B023
            assert all(answer.get("sealed") for answer in answers), answers
    assert standing(first) == standing(second) == (4, 0)
    assert result(second)["ballots"] == 4
