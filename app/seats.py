"""Seats: who may come in, as whom, and on which device. Codes and links are derived from the server's secret, never stored.

A browser may hold several seats: its signed cookie maps handles to tokens, and the address of a page says which seat it is for.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, session
from sqlalchemy import Connection

from app.boards import boards
from app.domain.operations import Actor
from app.extensions import db
from app.store import accounts
from app.store.accounts import DoorRequest, Person, Workshop

T = TypeVar("T")

# Crockford's alphabet: no I, L, O, U, so that a printed code is read as it is written.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SEAT_CODE_LENGTH = 9  # 45 bits
WORKSHOP_CODE_LENGTH = 6
_LOOKALIKES = str.maketrans("ILOU", "110V")

# Told when a session ends: (handle, reason). The live side cuts its sockets.
on_cut: list[Callable[[str, str], None]] = []


def read(work: Callable[[Connection], T]) -> T:
    """Look accounts up on a pooled connection: short enough for the event loop."""
    with db.engine.connect() as connection:
        return work(connection)


def _derive(purpose: str, person: Person) -> bytes:
    secret: bytes = current_app.config["SETTINGS"].secret
    return hmac.digest(secret, f"{purpose}|{person.id}|{person.version}".encode(), "sha256")


def seat_code(person: Person) -> str:
    """The printed code of a seat: XXX-XXX-XXX."""
    digits = [ALPHABET[byte % 32] for byte in _derive("seat", person)[:SEAT_CODE_LENGTH]]
    return "-".join("".join(digits[at : at + 3]) for at in range(0, SEAT_CODE_LENGTH, 3))


def link_token(person: Person) -> str:
    """The secret part of a personal link, with the id that finds the person."""
    return f"{person.id}.{_derive('link', person)[:18].hex()}"


def new_workshop_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(WORKSHOP_CODE_LENGTH))


def tidy_code(text: str) -> str:
    """A code as it was meant: capitals, no separators, look-alikes put right."""
    return "".join(ch for ch in text.upper().translate(_LOOKALIKES) if ch in ALPHABET)


def person_by_link(token: str) -> Person | None:
    person_id, _, _ = token.partition(".")
    person = read(lambda c: accounts.person(c, person_id))
    if person is None or person.removed or not hmac.compare_digest(link_token(person), token):
        return None
    return person


def person_by_seat_code(workshop: Workshop, code: str) -> Person | None:
    """The participant of a workshop whose seat has this code; every code is compared, so time tells nothing."""
    wanted, found = tidy_code(code), None
    for person in read(lambda c: accounts.people_of(c, workshop.id)):
        if hmac.compare_digest(tidy_code(seat_code(person)), wanted) and not person.simulated:
            found = person
    return found


# --- sessions ---


def open_for(person: Person) -> str:
    """Open a seat in this browser and return its handle. A participant's seat moves: other devices are cut."""
    handle, token = secrets.token_hex(16), secrets.token_urlsafe(32)

    def work(connection: Connection) -> list[str]:
        moved = accounts.close_sessions(connection, person.id) if person.role == "participant" else []
        accounts.open_session(connection, handle, _hash(token), person.id)
        return moved

    for old in boards.write(work):
        cut(old, "moved")
    held = dict(session.get("seats", {}))
    session["seats"] = {**held, handle: token}
    session.permanent = True
    return handle


def leave(handle: str) -> None:
    """End this browser's session for a seat."""
    boards.write(lambda c: accounts.close_session(c, handle))
    session["seats"] = {held: token for held, token in session.get("seats", {}).items() if held != handle}
    cut(handle, "removed")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def cut(handle: str, reason: str) -> None:
    for listener in on_cut:
        listener(handle, reason)


def member_of_session(handle: str) -> Person | None:
    """The person behind a handle, if this browser's cookie proves it. Needs a request."""
    token = session.get("seats", {}).get(handle)
    found = read(lambda c: accounts.session_person(c, handle))
    if not isinstance(token, str) or found is None:
        return None
    token_hash, person = found
    return person if hmac.compare_digest(token_hash, _hash(token)) else None


def member(handle: str) -> Person | None:
    """The person behind a handle as of now; for a socket whose cookie was proved when it connected."""
    found = read(lambda c: accounts.session_person(c, handle))
    return found[1] if found else None


def may_open(person: Person, board: str) -> bool:
    """Whether a board is one of this person's workshop."""
    return read(lambda c: accounts.workshop_of_board(c, board)) == person.workshop


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


# --- changes by the facilitator and administrator ---


def change_role(person: Person, role: str) -> None:
    """Give a person another role; their pages load again with what they may now do."""
    boards.write(lambda c: accounts.change_person(c, person.id, role=role))
    for handle in read(lambda c: accounts.handles_of(c, person.id)):
        cut(handle, "role")


def revoke(person: Person) -> None:
    """New code and link for a person; every device is cut."""

    def work(connection: Connection) -> list[str]:
        accounts.change_person(connection, person.id, version=person.version + 1)
        return accounts.close_sessions(connection, person.id)

    for handle in boards.write(work):
        cut(handle, "removed")


def remove(person: Person) -> None:
    def work(connection: Connection) -> list[str]:
        accounts.change_person(connection, person.id, removed=True)
        return accounts.close_sessions(connection, person.id)

    for handle in boards.write(work):
        cut(handle, "removed")


def change_code(workshop: Workshop) -> None:
    boards.write(lambda c: accounts.change_code(c, workshop.id, new_workshop_code()))


# --- looking around ---


def members_of(workshop: Workshop) -> list[Person]:
    return read(lambda c: accounts.people_of(c, workshop.id))


def main_board(workshop: Workshop) -> str | None:
    return read(lambda c: accounts.board_of(c, workshop.id))


def tables_of(workshop: Workshop) -> list[dict[str, Any]]:
    """The tables of a workshop's board, for the question where one sits."""
    board = main_board(workshop)
    return sorted(boards.moment(board).state["tables"].values(), key=lambda t: t["id"]) if board else []


# --- the door ---


def ask_at_door(workshop: Workshop, answers: dict[str, Any]) -> str:
    """Queue somebody without a code; returns the ticket of the waiting page."""
    ticket = secrets.token_hex(16)
    boards.write(lambda c: accounts.ask(c, DoorRequest(ticket, workshop.id, answers, "waiting")))
    return ticket


def waiting_at_door(board: str) -> int:
    def work(connection: Connection) -> int:
        workshop = accounts.workshop_of_board(connection, board)
        return len(accounts.waiting(connection, workshop)) if workshop else 0

    return read(work)


def admit(request: DoorRequest) -> Person:
    """Give a seat to somebody at the door."""

    def work(connection: Connection) -> Person:
        number = 1 + max((p.number for p in accounts.people_of(connection, request.workshop)), default=0)
        answers = request.answers
        name = answers.get("name") or f"Participant {number}"
        person = Person(
            id=secrets.token_hex(16),
            workshop=request.workshop,
            number=number,
            name={"fr": name, "en": name},
            role="participant",
            side=answers.get("side"),
            category=answers.get("category"),
            place=answers.get("place"),
            table=answers.get("table"),
        )
        accounts.add_people(connection, [person])
        accounts.decide(connection, request.id, "admitted", person.id)
        return person

    return boards.write(work)


def use_ticket(request: DoorRequest) -> Person | None:
    """The seat an admitted request leads to; the ticket is then forgotten."""

    def work(connection: Connection) -> Person | None:
        accounts.forget_request(connection, request.id)
        return accounts.person(connection, request.person) if request.person else None

    return boards.write(work)


def refuse(request: DoorRequest) -> None:
    boards.write(lambda c: accounts.decide(c, request.id, "refused"))
