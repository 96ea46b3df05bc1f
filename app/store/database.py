"""The connections: how SQLite and PostgreSQL are set up for durability, the one writer, and who reads.

Everything is written by `Database.write`: one connection of its own, one transaction at a time, run in a real thread so that an
fsync of 4-200 ms never stalls the event loop. Flask-SQLAlchemy's engine is for migrations only: its pool has green locks, which
real threads must not touch, and psycopg stops the whole loop when a green thread waits with it (decision 8).
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

logger = logging.getLogger("palabre.database")

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

# PostgreSQL: a worker that hangs must not hold a board's row for ever; a commit is on the disk before it is answered.
_LIMITS = {
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "5s",
    "synchronous_commit": "on",
}
_SERIALISATION, _DEADLOCK, _NOT_ALLOWED = "40001", "40P01", "42501"
NAME = "palabre"
_STARTING = 0x70616C61
MOST_IDLE = 8


class Overtaken(Exception):
    """Another worker's transaction came first and nothing of this one was written: decide again."""


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


class InUse(Exception):
    """Another server process has this SQLite file."""


_claimed: list[IO[bytes]] = []


def claim(url: str) -> IO[bytes]:
    """Keep every other server process away from a SQLite file until this one ends, however it ends, or closes the claim.

    Raises: InUse.
    """
    path = Path(make_url(url).database or "").resolve()
    file = path.with_name(f"{path.name}.lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise InUse(f"Another Palabre server uses {path}.") from None
    _claimed.append(file)  # a file that is collected is closed
    return file


class Database:
    """The connections of this process: one for writing, used by one caller at a time; for reading as many as read at once."""

    def __init__(self, url: str) -> None:
        self.is_file = url.startswith("sqlite")
        arguments: dict[str, Any] = {"check_same_thread": False} if self.is_file else _server_arguments()
        # NullPool: SQLAlchemy's pools wait with locks that the engine may have patched, and we come from real threads.
        self._engine = create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)
        self._reading = self._engine.execution_options(**({} if self.is_file else _ONE_VIEW))
        self._writer: Connection | None = None
        self._idle: deque[Connection] = deque()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction and return what it returns, after COMMIT. Any exception rolls back.

        Raises: Overtaken, or what the work and the database raise.
        """
        is_fresh, is_begun = self._writer is None, False
        if self._writer is None:
            self._writer = self._engine.connect().execution_options(immediate=True)
        try:
            with self._writer.begin():
                if not (self.is_file or is_fresh):
                    # A server that was away since is noticed here, before anything is done that could be done twice.
                    self._writer.exec_driver_sql("SELECT 1")
                is_begun = True
                return work(self._writer)
        except DBAPIError as error:
            if error.connection_invalidated:
                self._writer.close()
                self._writer = None
                if not (is_fresh or is_begun):
                    return self.write(work)
            if getattr(error.orig, "sqlstate", None) in (_SERIALISATION, _DEADLOCK):
                raise Overtaken from error
            raise

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do some reading on one consistent view of the database. Asks once more when the server had gone meanwhile."""
        while True:
            try:
                connection, is_fresh = self._idle.pop(), False
            except IndexError:
                connection, is_fresh = self._reading.connect(), True
            try:
                with connection.begin():
                    found = work(connection)
            except DBAPIError as error:
                connection.close()
                if is_fresh or not error.connection_invalidated:
                    raise
                continue
            except BaseException:
                connection.close()
                raise
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
            else:
                connection.close()
            return found

    def tells_on_people(self) -> list[str]:
        """The settings by which a PostgreSQL keeps who did what and when, in its own log or an archive: name = value."""
        if self.is_file:
            return []

        def work(connection: Connection) -> list[str]:
            found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in _QUIET}
            return [f"{name} = {value}" for name, value in found.items() if value not in _QUIET[name]]

        return self.read(work)

    def recycles_wal(self) -> bool:
        """Whether old files of PostgreSQL's write-ahead log are kept under new names, with the deleted texts that are in them."""
        if self.is_file:
            return False
        return bool(self.read(lambda c: c.exec_driver_sql("SHOW wal_recycle").scalar_one()) == "on")

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Of several workers that start at once, one at a time migrates and makes what is missing."""
        if self.is_file:
            yield
            return
        with self._engine.connect() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.execute(sa.select(sa.func.pg_advisory_lock(_STARTING)))
            connection.commit()
            yield  # the lock ends with the connection

    def truncate_wal(self, tables: Iterable[str]) -> bool:
        """Leave nothing of what was deleted from these tables in the files and the write-ahead log; False when a reader or
        another writer was in the way.

        Raises: sqlite3.Error, SQLAlchemyError.
        """
        if not self.is_file:
            return self._forget_on_server(tables)
        with self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            if any(raw.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables):
                # A row that moved when its page was split left a copy behind, which no deletion overwrites; only a table
                # that is empty has none. So the file is written anew, by way of memory.
                raw.execute("PRAGMA temp_store=MEMORY")
                raw.execute("VACUUM")
            (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def _forget_on_server(self, tables: Iterable[str]) -> bool:
        """Rewrite the tables without their dead rows, then begin a new segment of the log and drop the older ones.

        A dead row still has its text, and its place tells when it came. Only a role that may check-point can have the log
        dropped at once; else the server does it in its own time, and an operator reads so here.
        """
        self.clear_dead_rows(tables)
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.exec_driver_sql("SELECT pg_switch_wal()")
                connection.exec_driver_sql("CHECKPOINT")
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
                    raise
                logger.warning(
                    "PostgreSQL keeps deleted rows in its WAL for a while: the role may not CHECKPOINT."
                )
        return True

    def clear_dead_rows(self, tables: Iterable[str]) -> None:
        """PostgreSQL: write these tables' files anew, with the rows that live, in the order in which they lie."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM FULL {table}")

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()


# What a PostgreSQL may log of statements and keep of its WAL: nothing that holds what people wrote.
_QUIET = {
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    # An archive keeps every text of every urn in its order and with its time, for good.
    "archive_mode": ("off",),
}

# One view for a whole look-up, as SQLite gives it.
_ONE_VIEW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _server_arguments() -> dict[str, Any]:
    options = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
    # Bounds for a server that has gone without a word.
    silence = {
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 8000,
    }
    return {"options": options, "application_name": NAME, "connect_timeout": 3, **silence}
