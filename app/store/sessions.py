"""Seats in browsers: a row holds the hash of its token, never the token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db
from app.store.people import Person, change_person, people, person

sessions = db.Table(
    "sessions",
    sa.Column("handle", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("person", sa.String(32), sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("pin_hash", sa.LargeBinary(32)),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("due", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("former_hash", sa.LargeBinary(32)),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Session:
    """A seat in one browser.

    Shape: `locked` says that the phone was passed on: only the PIN, or the seat's code, opens it again; `tries` counts
           wrong PINs since the last right one; `due` says that the person's rights changed, so that the token opens nothing
           but a page, which renews it; `former_hash` is of the token before, which opens nothing at all.
    """

    handle: str
    token_hash: bytes
    person: str
    pin_hash: bytes | None = None
    tries: int = 0
    locked: bool = False
    due: bool = False
    former_hash: bytes | None = None


def open_session(connection: Connection, handle: str, token_hash: bytes, person_id: str) -> None:
    connection.execute(sessions.insert().values(handle=handle, token_hash=token_hash, person=person_id))
    change_person(connection, person_id, joined=True)


def session(connection: Connection, handle: str) -> Session | None:
    row = connection.execute(sa.select(sessions).where(sessions.c.handle == handle)).first()
    return Session(**row._mapping) if row else None


def change_session(connection: Connection, handle: str, **values: Any) -> None:
    connection.execute(sessions.update().where(sessions.c.handle == handle).values(**values))


def renew_session(connection: Connection, before: Session, token_hash: bytes, **values: Any) -> bool:
    """Put a new token in the place of the one that was shown; False when another request of it came first."""
    still = (sessions.c.handle == before.handle) & (sessions.c.token_hash == before.token_hash)
    renewed = sessions.update().where(still)
    fresh = {"token_hash": token_hash, "former_hash": before.token_hash, "due": False, **values}
    return connection.execute(renewed.values(**fresh)).rowcount == 1


def session_person(connection: Connection, handle: str) -> tuple[Session, Person] | None:
    """A session and the person behind it, unless removed."""
    found = session(connection, handle)
    behind = person(connection, found.person) if found else None
    return (found, behind) if found and behind and not behind.removed else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a session lets its device see: of whom it is, whether it waits behind a PIN or for a new token, and which proves it."""

    role: str
    table: str | None
    locked: bool
    due: bool
    token_hash: bytes


def standing(connection: Connection, handles: Sequence[str]) -> dict[str, Standing]:
    """Handle -> standing of those whose session was not ended."""
    shown = (sessions.c.locked, sessions.c.due, sessions.c.token_hash)
    rows = connection.execute(
        sa.select(sessions.c.handle, people.c.role, people.c.table, *shown)
        .join(people, people.c.id == sessions.c.person)
        .where(sessions.c.handle.in_(handles), ~people.c.removed)
    )
    return {row.handle: Standing(row.role, row.table, row.locked, row.due, row.token_hash) for row in rows}


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


def renew_all(connection: Connection, person_id: str) -> None:
    """The person's rights change: each of their devices needs a new token."""
    connection.execute(sessions.update().where(sessions.c.person == person_id).values(due=True))


def close_sessions(connection: Connection, person_id: str) -> list[str]:
    """End every session of a person; returns their handles."""
    closed = handles_of(connection, person_id)
    connection.execute(sessions.delete().where(sessions.c.person == person_id))
    return closed


def close_session(connection: Connection, handle: str) -> None:
    connection.execute(sessions.delete().where(sessions.c.handle == handle))
