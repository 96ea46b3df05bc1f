"""Seats: who may come in, as whom, and on which device. Codes and links are derived from the server's secret, never stored.

A browser may hold several seats: its signed cookie keeps a token for each handle, and the address of a page says which seat
it is for. Knows the accounts and the boards' door; nothing of cards, ballots or pages.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask import current_app, session
from sqlalchemy import Connection

from app.boards import boards
from app.domain.operations import Actor, Operation
from app.store import accounts
from app.store.accounts import DoorRequest, Person, Session, Workshop
from app.tickets import tickets

T = TypeVar("T")

# Crockford's alphabet: no I, L, O, U, so that a printed code is read as it is written.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SEAT_CODE_LENGTH = 9  # 45 bits
# Read aloud from a wall: without vowels it spells nothing, without 0, 2, 5, 8 it is heard and read once.
CODE_ALPHABET = "CDFGHJKMNPQRTVWXY34679"
WORKSHOP_CODE_LENGTH = 6
# Who enters cards for others, and what such an operation is.
DESKS = ("scribe", "facilitator")
FOR_OTHERS = frozenset({"card.enter", "card.claim"})
_LOOKALIKES = str.maketrans("ILOU", "110V")
# Below the 4 KiB that a browser keeps of a cookie.
MOST_SEATS_HELD = 30
FORGET_ASKERS_MS = 12 * 60 * 60 * 1000

# Of `member`: handle -> the boards' count of writes then, and who it was.
_known: dict[str, tuple[int, Person | None]] = {}
MOST_KNOWN = 5_000

# Told when a session ends: (handle, reason). The live side cuts its sockets.
on_cut: list[Callable[[str, str], None]] = []


def read(work: Callable[[Connection], T]) -> T:
    """Look accounts up."""
    return boards.glance(work)


def new_id() -> str:
    """128 random bits: tells nothing of when or in which order."""
    return secrets.token_hex(16)


# --- codes and links: computed, never kept ---


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
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(WORKSHOP_CODE_LENGTH))


def tidy_code(text: str) -> str:
    """A code as it was meant: capitals, no separators, look-alikes put right."""
    return "".join(ch for ch in text.upper().translate(_LOOKALIKES) if ch in ALPHABET)


def workshop_by_code(text: str) -> Workshop | None:
    return read(lambda c: accounts.workshop_by_code(c, tidy_code(text)))


def person_by_link(token: str) -> Person | None:
    person_id, _, _ = token.partition(".")
    person = read(lambda c: accounts.person(c, person_id))
    if (
        person is None
        or person.removed
        or not hmac.compare_digest(link_token(person).encode(), token.encode())
    ):
        return None
    return person


def person_by_seat_code(workshop: Workshop, code: str) -> Person | None:
    """The participant or scribe of a workshop whose seat has this code; every code is compared, so time tells nothing."""
    wanted, found = tidy_code(code), None
    for person in members_of(workshop):
        if hmac.compare_digest(tidy_code(seat_code(person)), wanted) and has_seat_code(person):
            found = person
    return found


def has_seat_code(person: Person) -> bool:
    """Whether a short code opens this seat. Those who may do more get a link, which cannot be guessed."""
    return person.role in ("participant", "scribe") and not person.simulated


# --- sessions ---


def open_for(person: Person) -> str:
    """Open a seat in this browser and return its handle. A participant's seat moves: other devices are cut."""
    if held := _held_for(person):
        return held
    handle, token = new_id(), secrets.token_urlsafe(32)

    def work(connection: Connection) -> list[str]:
        moved = accounts.close_sessions(connection, person.id) if person.role == "participant" else []
        accounts.open_session(connection, handle, _hash(token), person.id)
        return moved

    for old in boards.write(work):
        cut(old, "moved")
    _hold([*_held(), (handle, token)])
    return handle


def _held_for(person: Person) -> str | None:
    """The handle under which this browser has the seat already: a second tab or a reload moves nothing.

    Whoever has the seat's code or link needs no PIN: a forgotten one is let go.
    """
    handle = next((seat.handle for seat, found in held_seats() if found.id == person.id), None)
    if handle:
        boards.write(lambda c: accounts.change_session(c, handle, locked=False, tries=0, pin_hash=None))
    return handle


def held_seats() -> list[tuple[Session, Person]]:
    """The seats this browser holds, locked ones too, the newest last. Needs a request."""
    return [found for handle, token in _held() if (found := _proved(handle, token))]


def tokens_held() -> frozenset[tuple[str, str]]:
    """What this browser's cookie opens: (handle, token). Signed, but perhaps closed since. Needs a request."""
    return frozenset(_held())


def _held() -> list[tuple[str, str]]:
    held = session.get("seats")
    return [(handle, token) for handle, token in held] if isinstance(held, list) else []


def _hold(held: list[tuple[str, str]]) -> None:
    session["seats"] = [list(pair) for pair in held[-MOST_SEATS_HELD:]]
    session.permanent = True


def leave(handle: str) -> None:
    """End this browser's session for a seat."""
    boards.write(lambda c: accounts.close_session(c, handle))
    _hold([(held, token) for held, token in _held() if held != handle])
    cut(handle, "removed")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def connect_ticket(handle: str) -> str:
    """What a client without an Origin shows when it connects (`app/tickets.py`)."""
    return tickets.give(current_app.config["SECRET_KEY"], handle, boards.clock.now_ms())


def takes_ticket(handle: str, ticket: object) -> bool:
    return tickets.take(current_app.config["SECRET_KEY"], handle, ticket, boards.clock.now_ms())


def cut(handle: str, reason: str) -> None:
    for listener in on_cut:
        listener(handle, reason)


def _proved(handle: str, token: str) -> tuple[Session, Person] | None:
    """The session and person of a handle whose token this is."""
    found = read(lambda c: accounts.session_person(c, handle))
    return found if found and hmac.compare_digest(found[0].token_hash, _hash(token)) else None


def session_here(handle: str) -> tuple[Session, Person] | None:
    """The session and person of a handle, locked or not, if this browser's cookie proves it. Needs a request."""
    token = dict(_held()).get(handle)
    return _proved(handle, token) if token else None


def member_of_session(handle: str) -> Person | None:
    """The person behind a handle, if this browser's cookie proves it and no PIN stands before it. Needs a request."""
    found = session_here(handle)
    return found[1] if found and not found[0].locked else None


def member(handle: str) -> Person | None:
    """The person behind a handle as of now; for a socket whose cookie was proved when it connected.

    Where no other process writes, what was read stays true until this one does: then it is not read for each operation.
    """
    writes, known = boards.writes, _known.get(handle)
    if known and known[0] == writes and current_app.config["SETTINGS"].is_sqlite:
        return known[1]
    found = read(lambda c: accounts.session_person(c, handle))
    person = found[1] if found and not found[0].locked else None
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[handle] = (writes, person)
    return person


def may_open(person: Person, board: str) -> bool:
    """Whether a board is one of this person's workshop."""
    return read(lambda c: accounts.workshop_of_board(c, board)) == person.workshop


def actor_of(person: Person) -> Actor:
    seat = person.id if person.role == "participant" else None
    return Actor(person.id, person.role, person.table, person.side, seat, person.name)


def sender(person: Person, operations: Sequence[Operation]) -> Actor:
    """Who sends these operations, with the desk's seats when one of them is for somebody else.

    Whom a card is entered for has joined with it, as by a code of their own: from then on the seat counts in every round.
    """
    actor = actor_of(person)
    named = [str(op.payload["seat"]) for op in operations if op.kind in FOR_OTHERS and op.payload.get("seat")]
    if person.role not in DESKS or not named:
        return actor
    at_desk = {seat_mark(other): other for other in seats_at_desk(person)}
    opened = [at_desk[mark] for mark in dict.fromkeys(named) if mark in at_desk and not at_desk[mark].joined]
    if opened:

        def join(connection: Connection) -> None:
            for other in opened:
                accounts.change_person(connection, other.id, joined=True)

        boards.write(join)
    return replace(actor, desk={mark: actor_of(other) for mark, other in at_desk.items()})


def seats_at_desk(person: Person) -> list[Person]:
    """Those for whom this person may enter cards: a scribe for the own table, a facilitator for all."""
    if person.role not in DESKS:
        return []
    everyone = read(lambda c: accounts.people_of(c, person.workshop))
    return [
        other
        for other in everyone
        if other.role == "participant"
        and not other.simulated
        and (person.role == "facilitator" or (other.table is not None and other.table == person.table))
    ]


def seat_mark(person: Person) -> str:
    """What a seat is called at the desk and on its sheet: short to type, and of no use without a desk."""
    return str(person.number)


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


def make_facilitator(person: Person) -> None:
    """Let a person facilitate too. A participant's seat rests meanwhile: nobody both votes and runs the vote."""
    if person.role != "facilitator":
        _change(person, role="facilitator", usual_role=person.role)


def make_usual_again(person: Person) -> None:
    """Give a person made facilitator their own role back."""
    if person.usual_role:
        _change(person, role=person.usual_role, usual_role=None)


def change_details(person: Person, **values: Any) -> None:
    """Correct what is known of a person; their pages load again, because table and side decide what they work on."""
    _change(person, **values)


def _change(person: Person, **values: Any) -> None:
    boards.write(lambda c: accounts.change_person(c, person.id, **values))
    for handle in read(lambda c: accounts.handles_of(c, person.id)):
        cut(handle, "role")


def revoke(person: Person) -> None:
    """New code and link for a person; every device is cut."""
    _close_all(person, version=person.version + 1)


def remove(person: Person) -> None:
    """Take a person's access; codes and links open nothing any more."""
    _close_all(person, removed=True, version=person.version + 1)


def _close_all(person: Person, **values: Any) -> None:
    def work(connection: Connection) -> list[str]:
        accounts.change_person(connection, person.id, **values)
        return accounts.close_sessions(connection, person.id)

    for handle in boards.write(work):
        cut(handle, "removed")


def add_person(workshop: Workshop, person: Person) -> Person:
    """One more member, at the end of the list; id, workshop and number are given here."""

    def work(connection: Connection) -> Person:
        added = replace(
            person, id=new_id(), workshop=workshop.id, number=_next_number(connection, workshop.id)
        )
        accounts.add_people(connection, [added])
        return added

    return boards.write(work)


def _next_number(connection: Connection, workshop_id: str) -> int:
    real = (p.number for p in accounts.people_of(connection, workshop_id) if not p.simulated)
    return 1 + max(real, default=0)


def change_code(workshop: Workshop) -> None:
    boards.write(lambda c: accounts.change_workshop(c, workshop.id, code=new_workshop_code()))


def set_door(workshop: Workshop, door: str) -> None:
    """Open or close the door to people without a seat code."""
    boards.write(lambda c: accounts.change_workshop(c, workshop.id, door=door))


# --- looking around ---


def members_of(workshop: Workshop) -> list[Person]:
    return read(lambda c: accounts.people_of(c, workshop.id))


def wall_of(workshop: Workshop) -> Person | None:
    """The projector's own seat: it observes, so no frame for staff ever reaches the wall."""
    return next((person for person in members_of(workshop) if person.device == accounts.WALL), None)


def main_board(workshop: Workshop) -> str | None:
    return read(lambda c: accounts.board_of(c, workshop.id))


def tables_of(workshop: Workshop) -> list[dict[str, Any]]:
    """The tables of a workshop's board, for the question where one sits."""
    board = main_board(workshop)
    return sorted(boards.moment(board).state["tables"].values(), key=lambda t: t["id"]) if board else []


# --- the door ---


def ask_at_door(workshop: Workshop, answers: dict[str, Any]) -> str:
    """Queue somebody without a code; returns the ticket of the waiting page, which alone can use the seat."""
    ticket, now_ms = secrets.token_urlsafe(24), boards.clock.now_ms()
    asked = DoorRequest(new_id(), workshop.id, _hash(ticket), now_ms, answers)

    def work(connection: Connection) -> None:
        accounts.forget_old_requests(connection, now_ms - FORGET_ASKERS_MS)
        accounts.ask(connection, asked)

    boards.write(work)
    return ticket


def request_of(ticket: str) -> DoorRequest | None:
    return read(lambda c: accounts.request_of_ticket(c, _hash(ticket)))


def waiting_for(workshop: Workshop) -> list[DoorRequest]:
    return read(lambda c: accounts.waiting(c, workshop.id))


def waiting_at_door(board: str) -> int:
    def work(connection: Connection) -> int:
        workshop = accounts.workshop_of_board(connection, board)
        return len(accounts.waiting(connection, workshop)) if workshop else 0

    return read(work)


def groups_of(board: str) -> dict[str, tuple[str | None, str | None]]:
    """Side and place of every seat that has joined: for counting by group, in memory only."""

    def work(connection: Connection) -> dict[str, tuple[str | None, str | None]]:
        joined = set(accounts.seats_of_board(connection, board))
        workshop = accounts.workshop_of_board(connection, board)
        people = accounts.people_of(connection, workshop) if workshop else []
        return {p.id: (p.side, p.place) for p in people if p.id in joined}

    return read(work)


def admit(request: DoorRequest) -> Person | None:
    """Give a seat to somebody at the door; None when somebody else decided first."""

    def work(connection: Connection) -> Person | None:
        asked = accounts.request(connection, request.id)
        if asked is None or asked.state != "waiting":
            return None
        number = _next_number(connection, asked.workshop)
        person = Person(
            id=new_id(),
            workshop=asked.workshop,
            number=number,
            name=_name_at_door(asked, number),
            role="participant",
            side=asked.answers.get("side"),
            category=asked.answers.get("category"),
            place=asked.answers.get("place"),
            table=asked.answers.get("table"),
        )
        accounts.add_people(connection, [person])
        accounts.decide(connection, asked.id, "admitted", person.id)
        return person

    return boards.write(work)


def _name_at_door(asked: DoorRequest, number: int) -> dict[str, str]:
    given = asked.answers.get("name")
    return (
        {"fr": given, "en": given} if given else {"fr": f"Invité {number:02d}", "en": f"Guest {number:02d}"}
    )


def use_ticket(request: DoorRequest) -> Person | None:
    """The seat an admitted request leads to; the ticket is then forgotten."""

    def work(connection: Connection) -> Person | None:
        accounts.forget_request(connection, request.id)
        return accounts.person(connection, request.person) if request.person else None

    return boards.write(work)


def refuse(request: DoorRequest) -> None:
    boards.write(lambda c: accounts.decide(c, request.id, "refused"))
