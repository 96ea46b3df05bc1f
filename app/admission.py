"""The door of a workshop: who comes without a seat code, who waits, and who is let in. About seats, never about what they do."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app import hashing, seats, sessions
from app.boards import boards
from app.domain import passphrases
from app.store import doors
from app.store import people as people_rows
from app.store import workshops as workshop_rows
from app.store.doors import Door, DoorRequest
from app.store.people import Person
from app.store.workshops import Workshop

# A queue of thousands is somebody's script.
MOST_WAITING = 200
MOST_PLACES = 1000
FORGET_ASKERS_MS = 12 * 60 * 60 * 1000


class Full(Exception):
    """The workshop has as many seats as it has places, or as many people wait as may wait."""


# --- what the door asks ---


def door_of(workshop: Workshop) -> Door:
    return seats.read(lambda c: doors.door(c, workshop.id))


def seats_taken(workshop: Workshop) -> int:
    """How many of the places are taken."""
    return seats.read(lambda c: doors.seats_taken(c, workshop.id))


def set_door(workshop: Workshop, mode: str, places: int, word: str = "") -> None:
    """Choose who comes in without a seat code, up to how many seats; an empty word leaves the one there is."""
    lock = hashing.made(passphrases.spoken(word)) if word else None

    def work(connection: Connection) -> None:
        workshop_rows.change_workshop(connection, workshop.id, door=mode)
        doors.change(connection, workshop.id, word=lock, places=places)

    boards.write(work)


def set_links_ask(workshop: Workshop, asks: bool) -> None:
    """Choose whether links of staff ask for the passphrase, too."""
    boards.write(lambda c: doors.change(c, workshop.id, links_ask=asks))


def is_word(workshop: Workshop, word: str) -> bool:
    """Whether it is the word said in the room."""
    return hashing.opens(seats.read(lambda c: doors.word_lock(c, workshop.id)), passphrases.spoken(word))


# --- a seat at once ---


def take_seat(workshop: Workshop, answers: dict[str, Any]) -> Person:
    """A seat for somebody who needs nobody's leave. Raises: Full."""
    return boards.write(lambda c: seat_anew(c, workshop.id, answers))


def seat_anew(connection: Connection, workshop_id: str, answers: dict[str, Any]) -> Person:
    """One more participant, if there is a place; nobody else is seated until the transaction ends. Raises: Full."""
    doors.hold(connection, workshop_id)
    if doors.seats_taken(connection, workshop_id) >= doors.door(connection, workshop_id).places:
        raise Full
    number = people_rows.last_number(connection, workshop_id) + 1
    described: dict[str, Any] = {
        field: answers.get(field) for field in ("side", "category", "place", "table")
    }
    person = replace(
        Person(seats.new_id(), workshop_id, number, _name_at_door(answers, number), "participant"),
        **described,
    )
    people_rows.add_people(connection, [person])
    return person


def _name_at_door(answers: dict[str, Any], number: int) -> dict[str, str]:
    given = answers.get("name")
    return (
        {"fr": given, "en": given} if given else {"fr": f"Invité {number:02d}", "en": f"Guest {number:02d}"}
    )


# --- asking ---


def ask_at_door(workshop: Workshop, answers: dict[str, Any]) -> str:
    """Queue somebody without a code; returns the ticket of the waiting page, which alone can use the seat.

    Raises: Full.
    """
    ticket, now_ms = secrets.token_urlsafe(24), boards.clock.now_ms()
    asked = DoorRequest(seats.new_id(), workshop.id, sessions.hash_of(ticket), now_ms, answers)

    def work(connection: Connection) -> None:
        doors.hold(connection, workshop.id)
        doors.forget_old_requests(connection, now_ms - FORGET_ASKERS_MS)
        if len(doors.waiting(connection, workshop.id)) >= MOST_WAITING:
            raise Full
        doors.ask(connection, asked)

    boards.write(work)
    return ticket


def request_of(ticket: str) -> DoorRequest | None:
    return seats.read(lambda c: doors.request_of_ticket(c, sessions.hash_of(ticket)))


def waiting_for(workshop: Workshop) -> list[DoorRequest]:
    return seats.read(lambda c: doors.waiting(c, workshop.id))


def waiting_at_door(board: str) -> int:
    def work(connection: Connection) -> int:
        workshop = workshop_rows.workshop_of_board(connection, board)
        return len(doors.waiting(connection, workshop)) if workshop else 0

    return seats.read(work)


def admit(request: DoorRequest, table: str | None = None) -> Person | None:
    """Give a seat to somebody at the door, at the table that the host names; None when somebody else decided first.

    Shape:   `table` None leaves the one that was asked for; empty gives none.
    Raises:  Full.
    """

    def work(connection: Connection) -> Person | None:
        doors.hold(connection, request.workshop)  # of two who decide at once, the second finds it decided
        asked = doors.request(connection, request.id)
        if asked is None or asked.state != "waiting":
            return None
        answers = asked.answers if table is None else {**asked.answers, "table": table or None}
        person = seat_anew(connection, asked.workshop, answers)
        doors.decide(connection, asked.id, "admitted", person.id)
        return person

    return boards.write(work)


def seat_for(request: DoorRequest) -> Person | None:
    """The seat an admitted request leads to."""
    person = request.person
    return seats.read(lambda c: people_rows.person(c, person)) if person else None


def forget_ticket(person: Person) -> None:
    """Somebody is on the seat that a ticket led to: from now on it opens nothing. Not before, for an answer can be lost."""
    if seats.read(lambda c: doors.has_ticket(c, person.id)):
        boards.write(lambda c: doors.forget_tickets(c, person.id))


def refuse(request: DoorRequest) -> bool:
    """Turn somebody at the door away; False when somebody else decided first."""

    def work(connection: Connection) -> bool:
        doors.hold(connection, request.workshop)
        return doors.decide(connection, request.id, "refused")

    return boards.write(work)
