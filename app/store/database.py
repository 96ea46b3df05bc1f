"""The connections: how SQLite is set up for durability and erasure, and the one writer.

Pages read through Flask-SQLAlchemy's engine. Boards are written by `Database.write` alone: one connection of its own, one
transaction at a time, run in a real thread so that an fsync of 4-200 ms never stalls the event loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

T = TypeVar("T")

# FULL: a power cut lost 18 % of what NORMAL had acknowledged. secure_delete: a destroyed urn leaves no bytes in the file.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "busy_timeout=2000",
)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN ourselves: see below
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: upgrading a read transaction can fail without waiting."""
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Database:
    """The boards' own connections: one for writing, used by one caller at a time; for reading a fresh one each time."""

    def __init__(self, url: str) -> None:
        arguments = {"check_same_thread": False} if url.startswith("sqlite") else {}
        self._writing = create_engine(url, poolclass=StaticPool, connect_args=arguments, hide_parameters=True)
        self._reading = create_engine(url, poolclass=NullPool, hide_parameters=True)
        self._connection: Connection | None = None

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction and return what it returns, after COMMIT. Any exception rolls back."""
        if self._connection is None:
            self._connection = self._writing.connect().execution_options(immediate=True)
        try:
            with self._connection.begin():
                return work(self._connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                self._connection.close()
                self._connection = None
            raise

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do some reading on one consistent view of the database."""
        with self._reading.begin() as connection:
            return work(connection)

    def truncate_wal(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log (SQLite; elsewhere there is nothing to do)."""
        if self._writing.dialect.name == "sqlite":
            with self._writing.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._writing.dispose()
        self._reading.dispose()
