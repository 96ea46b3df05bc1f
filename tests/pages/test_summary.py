"""The Director General's page: empty before the first publication, then numbers; no name of a group until it is released."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app import seats
from app.boards import boards
from app.domain.operations import Operation
from app.store import people as people_rows
from app.store.people import Person

SIDES = {"internal": 6, "external": 6}


class Morning:
    """The demo's own board, with six people of each side who have joined, and its facilitator."""

    def __init__(self, demo: Any, people: Callable[[str], list[Person]]) -> None:
        self.board = seats.main_board(demo)
        self.chair = seats.actor_of(people("facilitator")[0])
        self.voters = [
            p
            for side, many in SIDES.items()
            for p in [q for q in people("participant") if q.side == side][:many]
        ]
        for person in self.voters:
            boards.write(lambda c, person=person: people_rows.change_person(c, person.id, joined=True))

    def do(self, actor: Any, kind: str, **payload: Any) -> None:
        (answer,) = boards.submit_now(self.board, actor, [Operation(seats.new_id(), kind, payload)])
        assert "code" not in answer, answer

    def command(self, verb: str, round_id: str, **more: Any) -> None:
        self.do(self.chair, f"round.{verb}", round=round_id, **more)

    def vote(self, round_id: str, choose: Callable[[int, Person], dict[str, Any]]) -> None:
        for number, person in enumerate(self.voters):
            at = {"round": round_id, "epoch": 1, "revision": 1}
            self.do(seats.actor_of(person), "ballot.cast", **at, choices=choose(number, person))


@pytest.fixture
def morning(demo: Any, people: Any) -> Morning:
    return Morning(demo, people)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_it_is_empty_before_the_publication_and_tells_the_assessment_after_it(
    morning: Morning, browser: Any, entry: Any
) -> None:
    director = browser("fr")
    handle = director.enter(entry["links"]["observer"])
    page = f"/b/{handle}/summary/"
    assert "Rien n’est encore publié" in director.get(page).text
    morning.command("start", "A5", targets=None)
    morning.vote(
        "A5",
        lambda n, person: {"F01": 5 - n % 2 if person.side == "internal" else 1 + n % 3, "F02": 3 + n % 2},
    )
    assert "Rien n’est encore publié" in director.get(page).text
    morning.command("close", "A5", epoch=1)
    assert "Rien n’est encore publié" in director.get(page).text
    morning.command("publish", "A5", epoch=1)
    told = text_of(director.get(page))
    assert "12 / 12" in told
    # Means with a comma, and the sides where both voted and neither is of one mind.
    assert "internes 4,5, externes 2,0" in told
    # As far apart as they are, both are told to the same decimal.
    assert "4,5 interne 2,0 externe" in told
    reader = browser("en")
    english = reader.get(f"/b/{reader.enter(entry['links']['rapporteur'])}/summary/")
    assert "internal 4.5, external 2.0" in text_of(english)
