"""Workshops, their boards, people, sessions and who waits at the door. Nothing here leads to a card or a ballot.

Codes and links are derived (`app/seats.py`), so no row holds one; a session row holds the hash of its token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db

# Who comes without a seat code: may ask at the door, or may not.
ASK, SEATS_ONLY = "ask", "seats"
WALL = "wall"

workshops = db.Table(
    "workshops",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("title", sa.JSON, nullable=False),
    sa.Column("code", sa.String(12), nullable=False, unique=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("door", sa.String(8), nullable=False, server_default=ASK),
    sa.Column("created", sa.String(10), nullable=False, server_default=""),
)

workshop_boards = db.Table(
    "workshop_boards",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id"), nullable=False, index=True),
    sa.Column("practice", sa.Boolean, nullable=False),
)

people = db.Table(
    "people",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("side", sa.String(16)),
    sa.Column("category", sa.String(60)),
    sa.Column("organisation", sa.String(120)),
    sa.Column("place", sa.String(16)),
    sa.Column("table", sa.String(64)),
    sa.Column("device", sa.String(32)),
    sa.Column("usual_role", sa.String(16)),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("joined", sa.Boolean, nullable=False),
    sa.Column("simulated", sa.Boolean, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
)

sessions = db.Table(
    "sessions",
    sa.Column("handle", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("person", sa.String(32), sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("pin_hash", sa.LargeBinary(32)),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sqlite_with_rowid=False,
)

door = db.Table(
    "door_requests",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id"), nullable=False, index=True),
    sa.Column("ticket_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("asked_at_ms", sa.BigInteger, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("person", sa.String(32)),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Workshop:
    """An event. `title` is {fr, en}; `door` says whether people may ask to come in; `created` is a day, as 2026-11-23."""

    id: str
    title: dict[str, str]
    code: str
    language: str
    demo: bool = False
    door: str = ASK
    created: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a workshop.

    Shape: `name` is {fr, en}; `joined` says that the seat was opened at least once; `usual_role` is what the person was
           before being made facilitator for a while; `device` "wall" marks the projector; raising `version` revokes
           every code and link.
    """

    id: str
    workshop: str
    number: int
    name: dict[str, str]
    role: str
    side: str | None = None
    category: str | None = None
    organisation: str | None = None
    place: str | None = None
    table: str | None = None
    device: str | None = None
    usual_role: str | None = None
    version: int = 1
    joined: bool = False
    simulated: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A seat in one browser.

    Shape: `locked` says that the phone was passed on: only the PIN, or the seat's code, opens it again; `tries` counts
           wrong PINs since the last right one.
    """

    handle: str
    token_hash: bytes
    person: str
    pin_hash: bytes | None = None
    tries: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class DoorRequest:
    """Somebody without a seat code who asks to come in. Forgotten as soon as they are in.

    Shape: `state` is waiting, admitted or refused; `id` is for the facilitator, the ticket for the one who waits.
    """

    id: str
    workshop: str
    ticket_hash: bytes
    asked_at_ms: int
    answers: dict[str, Any]
    state: str = "waiting"
    person: str | None = None


def _person(row: Any) -> Person:
    return Person(**row._mapping)


# --- workshops and their boards ---


def add_workshop(connection: Connection, workshop: Workshop) -> None:
    connection.execute(workshops.insert().values(**_fields(workshop)))


def workshop(connection: Connection, workshop_id: str) -> Workshop | None:
    row = connection.execute(sa.select(workshops).where(workshops.c.id == workshop_id)).first()
    return Workshop(**row._mapping) if row else None


def workshop_by_code(connection: Connection, code: str) -> Workshop | None:
    row = connection.execute(sa.select(workshops).where(workshops.c.code == code)).first()
    return Workshop(**row._mapping) if row else None


def demo_workshop(connection: Connection) -> Workshop | None:
    row = connection.execute(sa.select(workshops).where(workshops.c.demo)).first()
    return Workshop(**row._mapping) if row else None


def all_workshops(connection: Connection) -> list[Workshop]:
    rows = connection.execute(sa.select(workshops).order_by(workshops.c.created, workshops.c.code))
    return [Workshop(**row._mapping) for row in rows]


def change_workshop(connection: Connection, workshop_id: str, **values: Any) -> None:
    connection.execute(workshops.update().where(workshops.c.id == workshop_id).values(**values))


def add_board(connection: Connection, board: str, workshop_id: str, *, practice: bool) -> None:
    connection.execute(workshop_boards.insert().values(board=board, workshop=workshop_id, practice=practice))


def boards_of_workshops(connection: Connection) -> set[str]:
    return set(connection.execute(sa.select(workshop_boards.c.board)).scalars())


def remove_board(connection: Connection, board: str) -> None:
    connection.execute(workshop_boards.delete().where(workshop_boards.c.board == board))


def board_of(connection: Connection, workshop_id: str, *, practice: bool = False) -> str | None:
    """The workshop's main board, or its practice board if one is open."""
    return connection.execute(
        sa.select(workshop_boards.c.board).where(
            workshop_boards.c.workshop == workshop_id, workshop_boards.c.practice == practice
        )
    ).scalar()


def workshop_of_board(connection: Connection, board: str) -> str | None:
    return connection.execute(
        sa.select(workshop_boards.c.workshop).where(workshop_boards.c.board == board)
    ).scalar()


# --- people ---


def add_people(connection: Connection, added: Sequence[Person]) -> None:
    if added:
        connection.execute(people.insert(), [_fields(person) for person in added])


def person(connection: Connection, person_id: str) -> Person | None:
    row = connection.execute(sa.select(people).where(people.c.id == person_id)).first()
    return _person(row) if row else None


def people_of(connection: Connection, workshop_id: str) -> list[Person]:
    """Everybody who was not removed, in the order of their numbers."""
    rows = connection.execute(
        sa.select(people).where(people.c.workshop == workshop_id, ~people.c.removed).order_by(people.c.number)
    )
    return [_person(row) for row in rows]


def change_person(connection: Connection, person_id: str, **values: Any) -> None:
    connection.execute(people.update().where(people.c.id == person_id).values(**values))


def delete_simulated(connection: Connection, workshop_id: str) -> None:
    connection.execute(people.delete().where(people.c.workshop == workshop_id, people.c.simulated))


def authors_of_board(connection: Connection, board: str) -> list[str]:
    """Everybody who may have written on a board: whoever is or was of its workshop, removed or in another role since."""
    workshop = sa.select(workshop_boards.c.workshop).where(workshop_boards.c.board == board).scalar_subquery()
    return list(connection.execute(sa.select(people.c.id).where(people.c.workshop == workshop)).scalars())


def seats_of_board(connection: Connection, board: str) -> list[str]:
    """The seats that may post and vote on a board: participants who joined; simulated ones on a practice board only."""
    on_practice = (
        sa.select(workshop_boards.c.practice).where(workshop_boards.c.board == board).scalar_subquery()
    )
    rows = connection.execute(
        sa.select(people.c.id).where(
            people.c.workshop
            == sa.select(workshop_boards.c.workshop)
            .where(workshop_boards.c.board == board)
            .scalar_subquery(),
            people.c.role == "participant",
            people.c.joined,
            ~people.c.removed,
            sa.or_(~people.c.simulated, on_practice),
        )
    )
    return list(rows.scalars())


# --- sessions ---


def open_session(connection: Connection, handle: str, token_hash: bytes, person_id: str) -> None:
    connection.execute(sessions.insert().values(handle=handle, token_hash=token_hash, person=person_id))
    change_person(connection, person_id, joined=True)


def session(connection: Connection, handle: str) -> Session | None:
    row = connection.execute(sa.select(sessions).where(sessions.c.handle == handle)).first()
    return Session(**row._mapping) if row else None


def change_session(connection: Connection, handle: str, **values: Any) -> None:
    connection.execute(sessions.update().where(sessions.c.handle == handle).values(**values))


def session_person(connection: Connection, handle: str) -> tuple[Session, Person] | None:
    """A session and the person behind it, unless removed."""
    found = session(connection, handle)
    behind = person(connection, found.person) if found else None
    return (found, behind) if found and behind and not behind.removed else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a session lets its device see: of whom it is, and whether it waits behind a PIN."""

    role: str
    table: str | None
    locked: bool


def standing(connection: Connection, handles: Sequence[str]) -> dict[str, Standing]:
    """Handle -> standing of those whose session was not ended."""
    rows = connection.execute(
        sa.select(sessions.c.handle, people.c.role, people.c.table, sessions.c.locked)
        .join(people, people.c.id == sessions.c.person)
        .where(sessions.c.handle.in_(handles), ~people.c.removed)
    )
    return {row.handle: Standing(row.role, row.table, row.locked) for row in rows}


def count_try(connection: Connection, handle: str) -> int:
    """One more wrong PIN, unless it proves right: counted before it is looked at, so that tries at once count each."""
    added = sessions.update().where(sessions.c.handle == handle).values(tries=sessions.c.tries + 1)
    return connection.execute(added.returning(sessions.c.tries)).scalar() or 0


def seated(connection: Connection, person_ids: Sequence[str]) -> set[str]:
    """Those of these people who have a session, on whichever device."""
    rows = connection.execute(
        sa.select(sessions.c.person)
        .join(people, people.c.id == sessions.c.person)
        .where(sessions.c.person.in_(person_ids), ~people.c.removed)
    )
    return set(rows.scalars())


def handles_of(connection: Connection, person_id: str) -> list[str]:
    return list(
        connection.execute(sa.select(sessions.c.handle).where(sessions.c.person == person_id)).scalars()
    )


def close_sessions(connection: Connection, person_id: str) -> list[str]:
    """End every session of a person; returns their handles."""
    closed = handles_of(connection, person_id)
    connection.execute(sessions.delete().where(sessions.c.person == person_id))
    return closed


def close_session(connection: Connection, handle: str) -> None:
    connection.execute(sessions.delete().where(sessions.c.handle == handle))


# --- the door ---


def ask(connection: Connection, request: DoorRequest) -> None:
    connection.execute(door.insert().values(**_fields(request)))


def request(connection: Connection, request_id: str) -> DoorRequest | None:
    row = connection.execute(sa.select(door).where(door.c.id == request_id)).first()
    return DoorRequest(**row._mapping) if row else None


def request_of_ticket(connection: Connection, ticket_hash: bytes) -> DoorRequest | None:
    row = connection.execute(sa.select(door).where(door.c.ticket_hash == ticket_hash)).first()
    return DoorRequest(**row._mapping) if row else None


def waiting(connection: Connection, workshop_id: str) -> list[DoorRequest]:
    """Who waits, the first to come first."""
    rows = connection.execute(
        sa.select(door)
        .where(door.c.workshop == workshop_id, door.c.state == "waiting")
        .order_by(door.c.asked_at_ms, door.c.id)
    )
    return [DoorRequest(**row._mapping) for row in rows]


def forget_old_requests(connection: Connection, before_ms: int) -> None:
    """Forget whoever asked and went away."""
    connection.execute(door.delete().where(door.c.asked_at_ms < before_ms))


def decide(connection: Connection, request_id: str, state: str, person_id: str | None = None) -> None:
    connection.execute(door.update().where(door.c.id == request_id).values(state=state, person=person_id))


def forget_request(connection: Connection, request_id: str) -> None:
    connection.execute(door.delete().where(door.c.id == request_id))


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
