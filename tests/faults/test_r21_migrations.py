"""R21: a database of any earlier version becomes today's and tells the same, also when it is killed at any step on the way.

The fixtures are made here: a seminar of today, written into the tables that the migrations make at each earlier revision.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import event

import config
from app.boards import Boards
from app.domain.records import EVERYONE
from app.exports import EXPORTS
from app.extensions import db
from app.factory import create_app
from app.store import doors
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.database import Database
from app.store.doors import DoorRequest
from app.store.people import Person
from app.store.workshops import Workshop
from app.urn.keys import Keys
from tests.faults.core import RealCore, chance_from
from tests.faults.room import GOOD, SEATS, Room
from tests.faults.rows import Row, sample
from tests.seminar import StoppedClock, words

MIGRATIONS = Path(__file__).parents[2] / "app" / "migrations"
# What an upgrade may forget: whoever waits at the door asks again.
FORGOTTEN = ("door_requests", "alembic_version")


def revisions() -> list[str]:
    """Every revision, the oldest first."""
    walked = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    return walked[::-1]


def seminar(folder: Path, seed: int) -> Path:
    """A database of today with boards in the middle of their rounds, people, sessions and somebody at the door."""
    random = Random(seed)
    with chance_from(random):
        core = RealCore(folder, random, SEATS)
        Room(core, random, GOOD).run(200)
        core.door.database.write(_add_people)
        core.close()
    return folder / "test.db"


def _add_people(connection: sa.Connection) -> None:
    workshop_rows.add_workshop(
        connection, Workshop("w", words("Séminaire"), "ABC234", "fr", created="2026-11-23")
    )
    people = [
        Person(f"p{n}", "w", n, words(f"Personne {n}"), "participant", side="internal") for n in range(1, 9)
    ]
    people_rows.add_people(connection, people)
    session_rows.open_session(connection, "handle", b"h" * 32, "p1")
    for board in connection.execute(sa.text("SELECT board FROM heads")).scalars().all():
        workshop_rows.add_board(connection, board, "w", practice=False)
    doors.ask(connection, DoorRequest("d", "w", b"t" * 32, 0, {"name": "Aïcha"}))


def at_revision(revision: str, source: Path, folder: Path) -> Path:
    """A data folder whose database stands at the revision and holds what the source holds."""
    folder.mkdir()
    assert in_a_process(lambda: migrate(folder, revision)) == 0, f"no schema at {revision}"
    old, new = sqlite3.connect(folder / "palabre.db"), sqlite3.connect(source)
    for (table,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        there, here = columns(new, table), columns(old, table)
        if table == "alembic_version" or not there:
            continue
        common = [column for column in here if column in there]
        # What a later revision gave up is filled with something of its type.
        lost = {column: _filler(kind) for column, kind in here.items() if column not in there}
        names = ", ".join(f'"{column}"' for column in [*common, *lost])
        read = ", ".join(f'"{column}"' for column in common)
        for row in new.execute(f'SELECT {read} FROM "{table}"').fetchall():
            marks = ", ".join("?" * (len(row) + len(lost)))
            old.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [*row, *lost.values()])
    old.commit()
    old.close()
    new.close()
    return folder


def columns(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    return {row[1]: row[2] for row in connection.execute(f'PRAGMA table_info("{table}")')}


def _filler(kind: str) -> Any:
    return 0 if "INT" in kind or "BOOL" in kind else "{}" if kind == "JSON" else ""


def migrate(data: Path, revision: str = "head") -> None:
    environ = {"PALABRE_DATA": str(data), "PALABRE_VOLATILE": str(data / "volatile")}
    with create_app(config.from_environment(environ)).app_context():
        upgrade(revision=revision)
        db.engine.dispose()


def migrate_and_die(data: Path, step: int) -> None:
    """Upgrade, and be killed before the step-th statement."""
    steps = 0

    @event.listens_for(sa.Engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate(data)


def in_a_process(work: Callable[[], None]) -> int:
    """The exit status of a process of its own that does the work: what was killed takes nobody along."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def told(database: Path) -> dict[str, Any]:
    """What a database tells people: every board and every export of it."""
    opened = Database(f"sqlite:///{database}")
    boards = Boards()
    keys = Keys(database.parent)
    boards.start(
        database=opened,
        keys=keys,
        secret=b"s" * 32,
        clock=StoppedClock(),  # type: ignore[arg-type]
        seats_of=lambda connection, board: [],
    )
    found: dict[str, Any] = {}
    for board in boards.boards():
        state = boards.view(board, EVERYONE)
        found |= {f"{board} {name}": export.csv(state, "fr", "plain") for name, export in EXPORTS.items()}
        found[board] = boards.moment(board).state
    opened.close()
    return found


def rows(database: Path, common: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rows of every table, in the columns that both versions know."""
    with sqlite3.connect(database) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            table: sorted(map(repr, raw.execute(f'SELECT {", ".join(named)} FROM "{table}"')))
            for table, named in common.items()
        }


def common_columns(old: Path, new: Path) -> dict[str, list[str]]:
    with sqlite3.connect(old) as before, sqlite3.connect(new) as after:
        tables = [name for name in db.metadata.tables if name not in FORGOTTEN]
        shared = {t: [c for c in columns(before, t) if c in columns(after, t)] for t in tables}
    return {table: [f'"{column}"' for column in named] for table, named in shared.items() if named}


def trial(seed: int, folder: Path) -> int:
    """From each earlier revision, killed at every step there is; two of them side by side."""
    source = seminar(folder, seed)
    before = told(source)
    earlier = revisions()[:-1]
    # The way from the oldest is the longest.
    with ProcessPoolExecutor(2, get_context("fork")) as pool:
        return sum(
            pool.map(from_revision, *zip(*((r, source, before, folder) for r in earlier), strict=True))
        )


def from_revision(revision: str, source: Path, before: dict[str, Any], folder: Path) -> int:
    """Upgrade and be killed before each statement in turn; returns how many kills there were."""
    fixture = at_revision(revision, source, folder / revision)
    common = common_columns(fixture / "palabre.db", source)
    kept = rows(fixture / "palabre.db", common)
    assert kept["people"] and kept["log"] and kept["sessions"]
    right = b""
    for step in range(1, 10_000):
        data = folder / f"{revision}-{step}"
        shutil.copytree(fixture, data)
        killed = in_a_process(lambda data=data, step=step: migrate_and_die(data, step))  # type: ignore[misc]
        if killed == -signal.SIGKILL:
            assert in_a_process(lambda data=data: migrate(data)) == 0, f"not resumed after step {step}"  # type: ignore[misc]
        else:
            assert killed == 0, f"the upgrade from {revision} failed"
        where = f"from {revision}, killed at step {step}"
        assert rows(data / "palabre.db", common) == kept, where
        if (found := dump(data / "palabre.db")) != right:  # what is the same to the last row tells the same
            after = told(data / "palabre.db")
            assert [name for name in before if before[name] != after[name]] == [], where
            right = found
        shutil.rmtree(data)
        if killed == 0:
            break
    return step - 1


def dump(database: Path) -> bytes:
    """A digest of a database's schema and all its rows."""
    with sqlite3.connect(database) as raw:
        return sha256("\n".join(raw.iterdump()).encode()).digest()


R21 = Row("R21", pr=12, rel=2_000, unit="kills", trial=trial, batch=12)


def test_r21_an_upgrade_keeps_everything_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    sample(R21, tmp_path)
