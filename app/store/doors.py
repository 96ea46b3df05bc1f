"""The door of a workshop: what it asks beside its mode, and who waits there. How many places there are, the word said in the
room, and whether links of staff ask for the passphrase, too; a workshop without a row has the usual."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db
from app.store.passphrases import HASH_CHARS, Lock, kept
from app.store.people import people
from app.store.workshops import workshops

PLACES = 100

doors = db.Table(
    "doors",
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("places", sa.Integer, nullable=False),
    sa.Column("links_ask", sa.Boolean, nullable=False),
    sa.Column("word_hash", sa.String(HASH_CHARS)),
)

askers = db.Table(
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
class Door:
    """`places`: how many participants' seats the workshop may have before the door is full; `has_word`: one was chosen."""

    places: int = PLACES
    links_ask: bool = False
    has_word: bool = False


def door(connection: Connection, workshop_id: str) -> Door:
    row = connection.execute(sa.select(doors).where(doors.c.workshop == workshop_id)).first()
    return Door(row.places, row.links_ask, row.word_hash is not None) if row else Door()


def word_lock(connection: Connection, workshop_id: str) -> Lock | None:
    found = connection.execute(sa.select(doors.c.word_hash).where(doors.c.workshop == workshop_id)).scalar()
    return Lock(found) if found else None


def change(connection: Connection, workshop_id: str, *, word: Lock | None = None, **values: Any) -> None:
    """Change what is named, and nothing else; a word that is not named stays."""
    if word:
        values["word_hash"] = kept(word)
    hold(connection, workshop_id)  # of two who choose at once, one writes the row first
    known = connection.execute(sa.select(doors.c.workshop).where(doors.c.workshop == workshop_id)).scalar()
    if known:
        connection.execute(doors.update().where(doors.c.workshop == workshop_id).values(**values))
    else:
        usual = {"places": PLACES, "links_ask": False}
        connection.execute(doors.insert().values(workshop=workshop_id, **{**usual, **values}))


def hold(connection: Connection, workshop_id: str) -> None:
    """From here to the end of the transaction nobody else seats somebody in this workshop, on whichever worker."""
    connection.execute(sa.select(workshops.c.id).where(workshops.c.id == workshop_id).with_for_update())


def seats_taken(connection: Connection, workshop_id: str) -> int:
    """How many participants' seats there are, those on the list and those given at the door."""
    is_seat = sa.func.coalesce(people.c.usual_role, people.c.role) == "participant"
    counted = sa.select(sa.func.count()).where(
        people.c.workshop == workshop_id, is_seat, ~people.c.removed, ~people.c.simulated
    )
    return connection.execute(counted).scalar() or 0


# --- who waits ---


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


def ask(connection: Connection, request: DoorRequest) -> None:
    connection.execute(askers.insert().values(**asdict(request)))


def request(connection: Connection, request_id: str) -> DoorRequest | None:
    row = connection.execute(sa.select(askers).where(askers.c.id == request_id)).first()
    return DoorRequest(**row._mapping) if row else None


def request_of_ticket(connection: Connection, ticket_hash: bytes) -> DoorRequest | None:
    row = connection.execute(sa.select(askers).where(askers.c.ticket_hash == ticket_hash)).first()
    return DoorRequest(**row._mapping) if row else None


def waiting(connection: Connection, workshop_id: str) -> list[DoorRequest]:
    """Who waits, the first to come first."""
    rows = connection.execute(
        sa.select(askers)
        .where(askers.c.workshop == workshop_id, askers.c.state == "waiting")
        .order_by(askers.c.asked_at_ms, askers.c.id)
    )
    return [DoorRequest(**row._mapping) for row in rows]


def forget_old_requests(connection: Connection, before_ms: int) -> None:
    """Forget whoever asked and went away."""
    connection.execute(askers.delete().where(askers.c.asked_at_ms < before_ms))


def decide(connection: Connection, request_id: str, state: str, person_id: str | None = None) -> bool:
    """Answer somebody who waits; False when that was done before."""
    waits = askers.update().where(askers.c.id == request_id, askers.c.state == "waiting")
    return connection.execute(waits.values(state=state, person=person_id)).rowcount == 1


def has_ticket(connection: Connection, person_id: str) -> bool:
    return connection.execute(sa.select(askers.c.id).where(askers.c.person == person_id)).first() is not None


def forget_tickets(connection: Connection, person_id: str) -> None:
    connection.execute(askers.delete().where(askers.c.person == person_id))
