"""P06, C09: the replay tells no more than the board does now: no canary of what is sealed, held, hidden, erased or in the tray."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.boards import boards
from app.domain.operations import CLOCK
from app.exports.steps import steps
from app.film import film_of
from tests.threats.workshop import Room, canary


@pytest.fixture
def room(tmp_path: Path) -> Any:
    made = Room(tmp_path)
    yield made
    made.close()


def told(room: Room) -> str:
    """Everything that a member's browser gets of the replay, through the same door as the page."""
    with room.app.app_context():
        film = film_of(room.board)
        return "".join(
            [*(part.decode() for part in film.encoded), *(str((s.kind, s.about)) for s in film.steps)]
        )


def test_c09_no_canary_of_what_is_out_of_sight_and_every_word_that_is_in_sight(room: Room) -> None:
    room.run()
    shown = {card["text"]: card["id"] for card in room.records("cards")}
    held, erased = list(shown)[:2]
    room.send(room.facilitator, "card.hold", card=shown[held], reason=canary("motif"))
    # A harmful card is taken off the screens first, and then out of the past.
    room.send(room.facilitator, "card.erase", card=shown[erased])
    draft = canary("brouillon")
    room.send(room.facilitator, "board.set", experts_wait=True)
    room.send(room.expert, "comment.post", target={"table": "factors", "id": "F01"}, text=draft)
    found = told(room)
    assert held not in found and erased not in found and draft not in found
    # A published tally keeps its row, as on the board: "no longer there". Nothing else says that there was a card.
    with room.app.app_context():
        changes = [wire for step in film_of(room.board).steps for wire in step.changes]
    assert shown[held] not in str([wire for wire in changes if wire[1] != "tallies"])
    assert "motif" not in found
    gone = [word for words in room.kept.gone.values() for word in words]
    assert not [word for word in gone if word in found.encode()]
    for names in room.kept.people.values():
        assert not any(name in found for name in names)
    assert all(text in found for text in shown if text not in (held, erased))


def test_p06_what_lies_in_the_tray_or_in_an_urn_is_in_no_step(room: Room) -> None:
    room.command("start", "post")
    words = [room.post(person, "post", "F01")[0] for person in room.people[:6]]
    assert not any(word in told(room) for word in words)
    room.command("close", "post")
    assert any(word in str(boards.moment(room.board).state) for word in words), (
        "they lie before the facilitator"
    )
    assert not any(word in told(room) for word in words)
    room.command("publish", "post")
    assert all(word in told(room) for word in words)


def test_f02_a_vote_is_in_no_step_before_it_is_published_and_no_ballot_ever(room: Room) -> None:
    room.run()
    with room.app.app_context():
        votes = [step for step in film_of(room.board).steps if step.counts.get("tallies")]
        before = told(room)
    room.command("reopen", "cards-vote", minutes=5)
    cards = [card["id"] for card in room.records("cards") if card["factor"] == "F01"]
    for person in room.people:
        room.send(person, "ballot.cast", **room.at("cards-vote"), revision=1, choices={cards[0]: 1})
    assert told(room).count('"ballots"') == before.count('"ballots"') == len(votes)


def test_d03_the_cards_of_an_opening_stand_in_an_order_that_tells_nothing(room: Room) -> None:
    """In one step, by their numbers, which were drawn by lot."""
    room.run()
    with room.app.app_context():
        log = boards.log_of(room.board)
    for step in steps(log):
        numbers = [wire[2]["number"] for wire in step.changes if wire[0] == "put" and wire[1] == "cards"]
        assert numbers == sorted(numbers)


def test_d04_batches_of_a_round_do_not_stand_apart(room: Room) -> None:
    room.command("start", "carousel")
    for turn in range(2):
        for person in room.people[6 * turn : 6 * turn + 6]:
            room.post(person, "carousel", "F01")
        room.send(CLOCK, "round.release", **room.at("carousel"), n=turn)
    with room.app.app_context():
        kinds = [(step.kind, step.counts.get("cards", 0)) for step in film_of(room.board).steps]
    assert [kind for kind, _ in kinds].count("texts") == 1
    # The pool keeps some back; what it gave in both turns stands in the one step.
    assert {r["released"] for r in room.records("rounds") if r["id"] == "carousel"} == {2}
    assert kinds[-1][1] == len(room.records("cards")) > 6
