"""The backups this server knows: which of them still hold people that were wiped since, and putting a new one in their place."""

from __future__ import annotations

import datetime
import json
import re
import zipfile
from contextlib import suppress
from pathlib import Path

from app import backups
from app.backup_folder import chosen, file_name, offered
from app.boards import boards
from app.store import keeping
from app.urn.shredder import shred
from config import Settings

# In the data folder: backups by command and before upgrades, and what a restore kept aside.
PLACES = ("backups/*.zip", "*.db.before-restore-*", "before-restore-*.dump")
_ASIDE = re.compile(r"before-restore-(\d{4}-\d\d-\d\d-\d{6})")


def known(settings: Settings) -> list[Path]:
    """Every backup in the data folder, and our own on sticks that are plugged in, with what is left of those that were never
    finished; what was copied elsewhere only people know.
    """
    folders = {folder.path for folder in (chosen(settings), *offered(settings))}
    found = {path for place in PLACES for path in settings.data.glob(place)}
    found |= {path for folder in folders for path in folder.glob(f"palabre-{settings.mark[:8]}-*.zip")}
    for folder in {*folders, settings.data / "backups"}:
        found |= {path for left in backups.left_over(settings, folder) for path in left.iterdir()}
    return sorted(path for path in found if path.is_file())


def holding_people(settings: Settings) -> list[Path]:
    """Those begun before people of some workshop were wiped."""
    wiped_ms = boards.glance(keeping.last_wipe_ms)
    return [path for path in known(settings) if wiped_ms and begun_ms(path) < wiped_ms]


def begun_ms(path: Path) -> int:
    """When a backup was begun, for what was there then is in it; 0 where nobody can tell, as of one that was never finished.

    Asked of the backup itself: a file that took long to write, or was copied, is younger than what it holds.
    """
    try:
        if aside := _ASIDE.search(path.name):
            moment = datetime.datetime.strptime(aside[1], backups.STAMP).replace(tzinfo=datetime.UTC)
            return int(moment.timestamp()) * 1000
        with zipfile.ZipFile(path) as archive:
            return int(json.loads(archive.read(backups.ABOUT))["begun_ms"])
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError):
        return 0


def replace(settings: Settings) -> int:
    """Make a new backup, then remove those that hold wiped people; returns how many. Raises: backups.NotDone, OSError."""
    old = holding_people(settings)
    if old:
        boards.in_thread(_replace, settings, old)
    return len(old)


def _replace(settings: Settings, old: list[Path]) -> None:
    stamp = f"{datetime.datetime.now(datetime.UTC):{backups.STAMP}}"
    folder = chosen(settings)
    where = folder.path if folder.is_there else settings.data / "backups"
    backups.backup(settings, where / file_name(settings.mark, stamp, "after-wipe"))
    for path in old:
        shred(path)
        if path.parent.name.startswith(backups.UNDER_WAY):
            with suppress(OSError):
                path.parent.rmdir()
