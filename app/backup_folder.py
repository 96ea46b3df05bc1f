"""Where the backups of the breaks go: the folder that the administrator chose, as a rule on a stick. And how many are kept.

Only places are offered that the operator set (PALABRE_BACKUPS), the data folder's own, and sticks that are plugged in: no page
takes a path, for an archive holds the server's secret and must not land where somebody else reads.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from config import Settings

CHOICE = "backups.json"
# Where systems mount what is plugged in; below a folder for each person, on some.
PLUGGED_IN = ("/media", "/run/media", "/mnt", "/Volumes")
ON_A_STICK = "palabre-backups"
KEEP, MOST_KEPT = 8, 60
_NAME = re.compile(r"palabre-([0-9a-f]{8})-\d{4}-\d\d-\d\d-\d{6}-[A-Za-z0-9_.-]{1,40}\.zip")


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """Shape: `mount` is the mount point the folder hangs on when it can be pulled out, else empty."""

    path: Path
    mount: str = ""
    keep: int = KEEP

    @property
    def is_there(self) -> bool:
        """Whether the stick is still plugged in: the empty folder of a pulled one would take the backups in silence."""
        return not self.mount or os.path.ismount(self.mount)


def chosen(settings: Settings) -> BackupFolder:
    """The administrator's choice; else what the operator set, else the data folder's own. Another PALABRE_BACKUPS ends a choice."""
    try:
        kept = json.loads((settings.data / CHOICE).read_text(encoding="utf-8"))
        if kept["set"] == str(settings.backups or ""):
            return BackupFolder(Path(kept["path"]), str(kept["mount"]), int(kept["keep"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return offered(settings)[0]


def remember(settings: Settings) -> None:
    """At start: that the folder hangs on a stick is only to be seen while the stick is there."""
    if (folder := chosen(settings)).mount:
        choose(settings, folder)


def choose(settings: Settings, folder: BackupFolder) -> None:
    fresh = settings.data / f"{CHOICE}.new"
    kept = {
        "path": str(folder.path),
        "mount": folder.mount,
        "keep": folder.keep,
        "set": str(settings.backups or ""),
    }
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(settings.data / CHOICE)


def offered(settings: Settings, plugged_in: tuple[str, ...] = PLUGGED_IN) -> list[BackupFolder]:
    """What may be chosen now, the default first."""
    found = [_of_path(settings.backups)] if settings.backups else []
    found.append(BackupFolder(settings.data / "backups"))
    found += [BackupFolder(mount / ON_A_STICK, str(mount)) for mount in _mounts(plugged_in)]
    return list({folder.path: folder for folder in found}.values())


def _of_path(path: Path) -> BackupFolder:
    """A folder that the operator named: it can be pulled out when one of its parents hangs on such a mount."""
    for parent in (path, *path.parents):
        if str(parent.parent) != str(parent) and os.path.ismount(parent):
            return BackupFolder(path, str(parent))
    return BackupFolder(path)


def _mounts(below: tuple[str, ...]) -> list[Path]:
    found = (path for place in below for deep in ("*", "*/*") for path in Path(place).glob(deep))
    return sorted(path for path in found if os.path.ismount(path) and os.access(path, os.W_OK))


def file_name(mark: str, stamp: str, label: str) -> str:
    """Named by server, time and round. Shape: `stamp` as 2026-11-26-103000."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", label)[:40] or "-"
    return f"palabre-{mark[:8]}-{stamp}-{plain}.zip"


def surplus(names: list[str], mark: str, keep: int) -> list[str]:
    """The oldest of this server's own backups beyond the last so many; nothing else in the folder is ever touched."""
    own = sorted(name for name in names if (found := _NAME.fullmatch(name)) and found[1] == mark[:8])
    return own[: max(0, len(own) - keep)]
