"""Seats: whose they are, what they may open, and how a workshop's are looked up.

Codes and links are in `codes.py`, what a browser holds in `sessions.py`, what is entered for others in `desks.py`. Knows the
accounts and the boards' door; nothing of cards, ballots or pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

from app.boards import boards
from app.domain.operations import Actor
from app.remembered import Remembered
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop

T = TypeVar("T")

# A board's seats, with side and place.
Groups = dict[str, tuple[str | None, str | None]]

_members: Remembered[Person | None] = Remembered()
_groups: Remembered[Groups] = Remembered()


def read(work: Callable[[Connection], T]) -> T:
    """Look accounts up."""
    return boards.glance(work)


def new_id() -> str:
    """128 random bits: tells nothing of when or in which order."""
    return secrets.token_hex(16)


def member(handle: str) -> Person | None:
    """The person behind a handle as of now; for a socket whose cookie was proved when it connected."""

    def look() -> Person | None:
        found = read(lambda c: session_rows.session_person(c, handle))
        return found[1] if found and not (found[0].locked or found[0].due) else None

    return _members.get(handle, look)


def why_not(handle: str) -> str:
    """Why `member` knows nobody by this handle: the reason of the goodbye."""
    found = read(lambda c: session_rows.session_person(c, handle))
    if found is None:
        return "removed"
    return "locked" if found[0].locked else "role"


def may_open(person: Person, board: str) -> bool:
    """Whether a board is one of this person's workshop."""
    return read(lambda c: workshop_rows.workshop_of_board(c, board)) == person.workshop


def actor_of(person: Person) -> Actor:
    seat = person.id if person.role == "participant" else None
    return Actor(person.id, person.role, person.table, person.side, seat, person.name)


def you(person: Person, handle: str) -> dict[str, Any]:
    """What a page is told of the person it is for."""
    return {
        "handle": handle,
        "role": person.role,
        "table": person.table,
        "side": person.side,
        "name": person.name,
    }


# --- looking around ---


def members_of(workshop: Workshop) -> list[Person]:
    return read(lambda c: people_rows.people_of(c, workshop.id))


def wall_of(workshop: Workshop) -> Person | None:
    """The projector's own seat: it observes, so no frame for staff ever reaches the wall."""
    return next((person for person in members_of(workshop) if person.device == people_rows.WALL), None)


def main_board(workshop: Workshop) -> str | None:
    return read(lambda c: workshop_rows.board_of(c, workshop.id))


def tables_of(workshop: Workshop) -> list[dict[str, Any]]:
    """The tables of a workshop's board, for the question where one sits."""
    board = main_board(workshop)
    return sorted(boards.moment(board).state["tables"].values(), key=lambda t: t["id"]) if board else []


def groups_of(board: str) -> Groups:
    """Side and place of every seat that has joined: for counting by group, in memory only."""

    def work(connection: Connection) -> Groups:
        joined = set(people_rows.seats_of_board(connection, board))
        workshop = workshop_rows.workshop_of_board(connection, board)
        people = people_rows.people_of(connection, workshop) if workshop else []
        return {p.id: (p.side, p.place) for p in people if p.id in joined}

    return _groups.get(board, lambda: read(work))
