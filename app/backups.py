"""Backup and restore: one archive with the database and the server's secret, made while the server runs.

The secret is in it, because every seat code, personal link and cookie is derived from it: a second machine that restores the
archive is the same server to everybody. Whoever holds the archive can do what the data folder's owner can. The keys of sealed
rounds are in neither: a restored sealed round asks for its ballots again.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import zipfile
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.store import log
from app.store.database import NAME, Database, InUse, claim
from config import Settings

FORMAT = 1
UNDER_WAY = ".backup-"
# Nobody writes any more to what was last written so long ago.
LEFT_AFTER_S = 180
SIGNS_AFTER = 10_000
STAMP = "%Y-%m-%d-%H%M%S"
ABOUT, SECRET, CONTENT = "about.json", "secret", "database"


class NotDone(Exception):
    """A backup or a restore that did not happen; the text says why and what to do. Nothing was changed."""


def backup(settings: Settings, path: Path) -> Path:
    """Write the archive; it appears whole or not at all. Raises: NotDone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_under_way(settings)) as folder:
        content, archive = Path(folder) / CONTENT, Path(folder) / "archive"
        about = {"format": FORMAT, "database": _kind(settings), "begun_ms": time.time_ns() // 1_000_000}
        _dump(settings, content)
        archive.touch(mode=0o600)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(ABOUT, json.dumps(about))
            file.writestr(SECRET, settings.secret)
            file.write(content, CONTENT)
        with archive.open("rb") as file_:
            os.fsync(file_.fileno())
        archive.replace(path)
    return path


def _under_way(settings: Settings) -> str:
    return f"{UNDER_WAY}{settings.mark[:8]}-"


def left_over(settings: Settings, folder: Path) -> list[Path]:
    """The folders of this server's backups that were never finished: they hold the whole database. Not those under way."""
    found = (path for path in folder.glob(f"{_under_way(settings)}*") if path.is_dir())
    return [path for path in found if time.time() - _last_written(path) > LEFT_AFTER_S]


def _last_written(folder: Path) -> float:
    written = 0.0
    for path in (folder, *folder.iterdir()):
        with suppress(FileNotFoundError):
            written = max(written, path.stat().st_mtime)
    return written


def before_migration(settings: Settings) -> Path:
    """The archive that is made by itself before a new release changes the tables."""
    return backup(settings, settings.data / "backups" / f"before-upgrade-{_stamp()}.zip")


def restore(settings: Settings, path: Path) -> None:
    """Put an archive in the place of what this data folder or database holds; what was there is kept aside.

    Raises: NotDone.
    """
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(dir=settings.data) as folder:
            about = json.loads(archive.read(ABOUT))
            if about["format"] != FORMAT or about["database"] != _kind(settings):
                raise NotDone(
                    f"This is a backup of {about['database']}; PALABRE_DATABASE is {_kind(settings)}."
                )
            content = Path(archive.extract(CONTENT, folder))
            secret = archive.read(SECRET)
            _restore_sqlite(settings, content) if settings.is_sqlite else _restore_postgresql(
                settings, content
            )
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise NotDone(f"{path} is no backup of Palabre.") from None
    _keep_aside(settings.data / "secret")
    fresh = settings.data / "secret.new"
    fresh.touch(mode=0o600)
    fresh.write_bytes(secret)
    fresh.replace(settings.data / "secret")


def look_into(settings: Settings, path: Path) -> None:
    """Read a dump of PostgreSQL through to its table of contents. Raises: NotDone."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(dir=settings.data) as folder:
        _run(settings, "pg_restore", "--list", archive.extract(CONTENT, folder), connects=False)


def _kind(settings: Settings) -> str:
    return "sqlite" if settings.is_sqlite else "postgresql"


def _stamp() -> str:
    return datetime.datetime.now(datetime.UTC).strftime(STAMP)


def _keep_aside(path: Path) -> None:
    if path.exists():
        path.replace(path.with_name(f"{path.name}.before-restore-{_stamp()}"))


def _dump(settings: Settings, content: Path) -> None:
    if settings.is_sqlite:
        source = make_url(settings.database_url).database
        if not source or not Path(source).exists():
            raise NotDone(f"There is no database at {source} yet.")
        with closing(sqlite3.connect(source)) as connection:
            # Else a signal waits for the end of the copy, and a copy that is stopped then stays where it is.
            connection.set_progress_handler(lambda: 0, SIGNS_AFTER)
            connection.execute("VACUUM INTO ?", (str(content),))
    else:
        _run(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={content}")


def _restore_sqlite(settings: Settings, content: Path) -> None:
    target = Path(make_url(settings.database_url).database or "")
    with closing(sqlite3.connect(content)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise NotDone("The database in this backup is damaged.")
    try:
        claimed = claim(settings.database_url)
    except InUse as in_use:
        raise NotDone(f"{in_use} Stop the server before a restore.") from None
    with closing(claimed):
        _begin_anew(f"sqlite:///{content}")
        if target.exists():
            with closing(sqlite3.connect(target)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _keep_aside(target)
        for left_over in (Path(f"{target}-wal"), Path(f"{target}-shm")):
            left_over.unlink(missing_ok=True)
        shutil.move(content, target)


def _restore_postgresql(settings: Settings, content: Path) -> None:
    database = Database(settings.database_url)
    try:
        others = sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = :name AND pid <> pg_backend_pid()"
        )
        if database.read(lambda c: c.execute(others, {"name": NAME}).scalar_one()):
            raise NotDone("Workers use this database. Stop them before a restore.")
    finally:
        database.close()
    _keep = settings.data / f"before-restore-{_stamp()}.dump"
    _run(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={_keep}")
    _run(settings, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(content))
    _begin_anew(settings.database_url)


def _begin_anew(url: str) -> None:
    """Every screen that still shows what came after the backup must begin anew, whatever its head is."""
    database = Database(url)
    try:
        database.write(log.new_generation)
        database.truncate_wal([])
    finally:
        database.close()


def _run(settings: Settings, tool: str, *arguments: str, connects: bool = True) -> None:
    """One of PostgreSQL's tools; the password travels in the environment, where no process list shows it."""
    url = make_url(settings.database_url)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    try:
        done = subprocess.run(
            [tool, *([f"--dbname={address}"] if connects else []), *arguments],
            env=environment,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise NotDone(
            f"{tool} is missing: install postgresql-client, of the server's version or newer."
        ) from None
    if done.returncode:
        raise NotDone(f"{tool} failed: {done.stderr.strip()[-500:]}")
