"""What the self-test measures on the server's machine. Each function looks at one thing, changes nothing, and hands it to its
judgement; what it had to write is gone again when it returns."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sqlite3
import tempfile
import time
import tomllib
import urllib.request
import zoneinfo
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import backup_folder, backups, banner
from app.selftest import judgements
from app.selftest.judgements import Finding
from app.store.database import Database
from app.store.log import all_heads
from app.store.urn import keys_in_force
from config import ROOT, Settings

OLDEST_YEAR = 2026
PATIENCE_S = 5
WRITES = 20
MIB = 2**20
MAINS = ("Mains", "USB", "Wireless")
POWER = Path("/sys/class/power_supply")


def server(settings: Settings) -> Iterator[Finding]:
    """Whether this very server answers, here and under the address of the room."""
    here = f"http://127.0.0.1:{settings.port}"
    about = {"address": here, "version": _release(), "engine": settings.engine}
    mark, took_ms = _asked(here)
    yield judgements.server(took_ms, mark == settings.mark, about)
    if mark != settings.mark:
        return
    room = banner.address(settings)
    is_only_here = "//127." in room or "//localhost" in room
    yield judgements.address(not is_only_here and _asked(room)[0] == settings.mark, is_only_here, room)


def _release() -> str:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(about["project"]["version"])


def _asked(address: str) -> tuple[str | None, float | None]:
    """The mark of the server that answers there, and how long it took in milliseconds; None for nobody."""
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=PATIENCE_S) as answer:
            told = answer.read(1000)
    except OSError:
        return None, None
    took_ms = 1000 * (time.perf_counter() - began)
    try:
        return str(json.loads(told)["server"]), took_ms
    except (ValueError, KeyError, TypeError):
        return "", took_ms


def database(settings: Settings) -> Iterator[Finding]:
    """Whether the database is whole, and how long the disk takes to keep a write for good."""
    kind = "SQLite" if settings.is_sqlite else "PostgreSQL"
    yield judgements.database(_sync_ms(settings.data), _is_whole(settings), kind)


def _is_whole(settings: Settings) -> bool:
    if settings.is_sqlite:
        path = make_url(settings.database_url).database or ""
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                return connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        except sqlite3.Error:
            return False
    database = Database(settings.database_url)
    try:
        return database.read(lambda c: c.execute(sa.text("SHOW fsync")).scalar_one()) == "on"
    except sa.exc.SQLAlchemyError:
        return False
    finally:
        database.close()


def _sync_ms(folder: Path) -> list[float]:
    """How long each of some writes took until the disk said that it has it; nothing when it takes none."""
    took = []
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            for _ in range(WRITES):
                began = time.perf_counter()
                file.write(os.urandom(4096))
                file.flush()
                os.fsync(file.fileno())
                took.append(1000 * (time.perf_counter() - began))
    except OSError:
        return []
    return took


def clock(settings: Settings, zone: str) -> Iterator[Finding]:
    try:
        zoneinfo.ZoneInfo(zone)
        is_known = True
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        is_known = False
    yield judgements.clock(datetime.datetime.now(datetime.UTC).year, OLDEST_YEAR, zone, is_known)


def disk(
    settings: Settings, mounts: Path = Path("/proc/mounts"), swaps: Path = Path("/proc/swaps")
) -> Iterator[Finding]:
    """Free room; whether the keys lie in memory, and whether memory is written to a disk."""
    yield judgements.disk(shutil.disk_usage(settings.data).free // MIB)
    yield judgements.keys(_kind_of_disk(settings.volatile, mounts) in ("tmpfs", "ramfs"))
    if swaps.exists():
        used = swaps.read_text().splitlines()[1:]
        yield judgements.swap(any("zram" not in line for line in used))


def _kind_of_disk(path: Path, mounts: Path) -> str:
    """The file system under a path; nothing where the system does not say."""
    if not mounts.exists():
        return ""
    listed = (line.split() for line in mounts.read_text().splitlines())
    above = {place.replace("\\040", " "): kind for _, place, kind, *_ in listed}
    return next((above[str(place)] for place in (path, *path.parents) if str(place) in above), "")


def power(settings: Settings, supplies: Path = POWER) -> Iterator[Finding]:
    """Whether the computer is plugged in, as far as it says."""
    plugged, percent = None, None
    for supply in sorted(supplies.iterdir()) if supplies.is_dir() else ():
        try:
            kind = (supply / "type").read_text().strip()
            if kind == "Battery" and (supply / "capacity").exists():
                percent = int((supply / "capacity").read_text())
            elif kind in MAINS and (supply / "online").exists():
                plugged = bool(plugged) or (supply / "online").read_text().strip() == "1"
        except (OSError, ValueError):
            continue
    yield judgements.power(plugged, percent)


def backup(settings: Settings) -> Iterator[Finding]:
    """The chosen folder; then a backup made beside the data and, of SQLite, restored into a folder of its own."""
    yield _folder(settings)
    if _is_open(settings.database_url):
        # What a sealed round holds must not lie in a second place, not for a second.
        yield judgements.backup_later()
        return
    began = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(dir=settings.data, prefix="selftest-") as folder:
            there = _heads(settings.database_url)
            archive = backups.backup(settings, Path(folder) / "backup.zip")
            restored = _restored(settings, archive, Path(folder) / "restored")
    except (OSError, sqlite3.Error, backups.NotDone, sa.exc.SQLAlchemyError):
        yield judgements.backup(None, 0)
        return
    took_s = time.perf_counter() - began
    # People may have written meanwhile: a board may be ahead of what was there before, never behind.
    holds = None if restored is None else all(restored.get(board, 0) >= head for board, head in there.items())
    yield judgements.backup(took_s, len(there), holds)


def _is_open(url: str) -> bool:
    """Whether an urn is unopened on any board."""
    database = Database(url)
    try:
        return bool(database.read(keys_in_force))
    finally:
        database.close()


def _heads(url: str) -> dict[str, int]:
    database = Database(url)
    try:
        return {board: head for board, (head, _) in database.read(all_heads).items()}
    finally:
        database.close()


def _restored(settings: Settings, archive: Path, folder: Path) -> dict[str, int] | None:
    """The heads of all boards as a second computer would restore them; None of a PostgreSQL, whose dump is read only: another
    database to restore it into is the operator's to make."""
    if not settings.is_sqlite:
        backups.look_into(settings, archive)
        return None
    folder.mkdir()
    second = Settings(folder, folder, settings.secret, f"sqlite:///{folder / 'palabre.db'}")
    backups.restore(second, archive)
    return _heads(second.database_url)


def _folder(settings: Settings) -> Finding:
    folder = backup_folder.chosen(settings)
    where = str(folder.path)
    try:
        if not folder.is_there:
            return judgements.backup_folder(False, False, False, 0, where)
        folder.path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.path) as file:
            file.write(b"palabre")
            file.flush()
            os.fsync(file.fileno())
        is_elsewhere = folder.path.stat().st_dev != settings.data.stat().st_dev
        free = shutil.disk_usage(folder.path).free // MIB
    except OSError:
        return judgements.backup_folder(True, False, False, 0, where)
    return judgements.backup_folder(True, True, is_elsewhere, free, where)
