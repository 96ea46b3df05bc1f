"""Deleting what is kept of a workshop's people, or of the whole workshop. Every table says here what it is about.

A table that is about people and is not named here would keep them when everybody believes that they are gone: a test compares
this list with the tables there are.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from app.store.accounts import account_seats, account_sessions, accounts
from app.store.clocks import clocks
from app.store.doors import askers, doors
from app.store.keeping import keeping
from app.store.log import heads, log
from app.store.people import people
from app.store.sessions import sessions
from app.store.urn import ballots, dropped, keys, papers, texts
from app.store.workshops import workshop_boards, workshops

# What is gone when people are wiped, in an order that foreign keys allow; each by the column that leads to the workshop.
OF_PEOPLE: tuple[tuple[Table, str], ...] = (
    (sessions, "person"),
    (account_seats, "person"),
    (askers, "workshop"),
    (doors, "workshop"),
    (people, "workshop"),
)
# And of accounts all whose seats are gone.
OF_ACCOUNTS: tuple[tuple[Table, str], ...] = ((account_sessions, "account"), (accounts, "id"))
# Operations' hashed ids live until the workshop ends.
ENDED_WITH: tuple[Table, ...] = (dropped,)
# What stays then, and goes with the workshop. The log is passed over (`log.rewrite`), urns are opened before.
OF_RESULTS: tuple[Table, ...] = (
    workshops,
    workshop_boards,
    keeping,
    heads,
    log,
    clocks,
    texts,
    ballots,
    papers,
    keys,
)


def tables_of_people() -> list[str]:
    """The tables that are rewritten after a wipe, so that no dead row keeps its bytes."""
    of_people = (*OF_PEOPLE, *OF_ACCOUNTS)
    return [*(table.name for table, _ in of_people), *(table.name for table in ENDED_WITH), log.name]


def all_tables() -> list[str]:
    """And after a removal."""
    return [*tables_of_people(), *(table.name for table in OF_RESULTS if table is not log)]


def forget_people(connection: Connection, workshop: str) -> list[str]:
    """Delete everybody of a workshop with all that is theirs; returns the handles of the sessions that ended."""
    everybody = sa.select(people.c.id).where(people.c.workshop == workshop)
    handles = connection.execute(sa.select(sessions.c.handle).where(sessions.c.person.in_(everybody)))
    cut = list(handles.scalars())
    for table, column in OF_PEOPLE:
        leads = table.c[column]
        connection.execute(
            table.delete().where(leads.in_(everybody) if column == "person" else leads == workshop)
        )
    for table, column in OF_ACCOUNTS:
        connection.execute(table.delete().where(table.c[column].not_in(sa.select(account_seats.c.account))))
    for table in ENDED_WITH:
        connection.execute(table.delete().where(table.c.board.in_(boards_of(connection, workshop))))
    return cut


def boards_of(connection: Connection, workshop: str) -> list[str]:
    """The workshop's own board, and its practice board if one is open."""
    found = sa.select(workshop_boards.c.board).where(workshop_boards.c.workshop == workshop)
    return list(connection.execute(found).scalars())


def forget_workshop(connection: Connection, workshop: str) -> list[str]:
    """Delete a workshop and everybody of it; its boards belong to nobody then. Returns the handles that ended."""
    cut = forget_people(connection, workshop)
    for table in (keeping, workshop_boards):
        connection.execute(table.delete().where(table.c.workshop == workshop))
    connection.execute(workshops.delete().where(workshops.c.id == workshop))
    return cut
