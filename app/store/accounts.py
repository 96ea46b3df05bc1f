"""Accounts of staff: a sign-in name and a passphrase for the seats of one person in several workshops. Participants have none.

Nothing here leads to a card or a ballot, and no query returns a hash: only a `Lock`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db
from app.store.passphrases import HASH_CHARS, Lock, kept
from app.store.people import Person, people
from app.store.workshops import workshops

NAME_CHARS = 80

accounts = db.Table(
    "accounts",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(NAME_CHARS), nullable=False, unique=True),
    sa.Column("passphrase_hash", sa.String(HASH_CHARS), nullable=False),
)

account_seats = db.Table(
    "account_seats",
    sa.Column("person", sa.String(32), sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("account", sa.String(32), sa.ForeignKey("accounts.id"), nullable=False, index=True),
)

account_sessions = db.Table(
    "account_sessions",
    sa.Column("handle", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("account", sa.String(32), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the staff. `name` is what they sign in with, in its one spelling; unique on the server."""

    id: str
    name: str


def _account(row: sa.Row | None) -> Account | None:
    return Account(row.id, row.name) if row else None


def add(connection: Connection, account: Account, lock: Lock) -> None:
    connection.execute(accounts.insert().values(id=account.id, name=account.name, passphrase_hash=kept(lock)))


def account_by_name(connection: Connection, name: str) -> Account | None:
    return _account(connection.execute(sa.select(accounts).where(accounts.c.name == name)).first())


def all_accounts(connection: Connection) -> list[Account]:
    rows = connection.execute(sa.select(accounts).order_by(accounts.c.name))
    return [Account(row.id, row.name) for row in rows]


def lock_of(connection: Connection, account_id: str) -> Lock | None:
    found = connection.execute(
        sa.select(accounts.c.passphrase_hash).where(accounts.c.id == account_id)
    ).scalar()
    return Lock(found) if found else None


def change_lock(connection: Connection, account_id: str, lock: Lock) -> None:
    connection.execute(
        accounts.update().where(accounts.c.id == account_id).values(passphrase_hash=kept(lock))
    )


def forget(connection: Connection, account_id: str) -> None:
    """Delete an account; its seats stay, and open by their links."""
    for table in (account_sessions, account_seats):
        connection.execute(table.delete().where(table.c.account == account_id))
    connection.execute(accounts.delete().where(accounts.c.id == account_id))


# --- its seats ---


def give_seat(connection: Connection, account_id: str, person_id: str) -> None:
    connection.execute(account_seats.insert().values(person=person_id, account=account_id))


def take_seat(connection: Connection, person_id: str) -> None:
    """A seat belongs to no account any more; an account without a seat is deleted, and its name is free."""
    found = account_of(connection, person_id)
    connection.execute(account_seats.delete().where(account_seats.c.person == person_id))
    if found and not seats_of(connection, found.id):
        forget(connection, found.id)


def account_of(connection: Connection, person_id: str) -> Account | None:
    return _account(
        connection.execute(
            sa.select(accounts)
            .join(account_seats, account_seats.c.account == accounts.c.id)
            .where(account_seats.c.person == person_id)
        ).first()
    )


def seats_of(connection: Connection, account_id: str) -> list[Person]:
    """The people whose seats an account has, in the order of their workshops."""
    rows = connection.execute(
        sa.select(people)
        .join(account_seats, account_seats.c.person == people.c.id)
        .join(workshops, workshops.c.id == people.c.workshop)
        .where(account_seats.c.account == account_id, ~people.c.removed)
        .order_by(workshops.c.created, people.c.id)
    )
    return [Person(**row._mapping) for row in rows]


def with_account(connection: Connection, person_ids: Sequence[str]) -> set[str]:
    """Those of these people who have a passphrase."""
    rows = connection.execute(sa.select(account_seats.c.person).where(account_seats.c.person.in_(person_ids)))
    return set(rows.scalars())


# --- who is signed in ---


def open_session(connection: Connection, handle: str, token_hash: bytes, account_id: str) -> None:
    connection.execute(
        account_sessions.insert().values(handle=handle, token_hash=token_hash, account=account_id)
    )


def account_of_session(connection: Connection, handle: str, token_hash: bytes) -> Account | None:
    return _account(
        connection.execute(
            sa.select(accounts)
            .join(account_sessions, account_sessions.c.account == accounts.c.id)
            .where(account_sessions.c.handle == handle, account_sessions.c.token_hash == token_hash)
        ).first()
    )


def close_session(connection: Connection, handle: str) -> None:
    connection.execute(account_sessions.delete().where(account_sessions.c.handle == handle))


def close_sessions(connection: Connection, account_id: str) -> None:
    connection.execute(account_sessions.delete().where(account_sessions.c.account == account_id))
