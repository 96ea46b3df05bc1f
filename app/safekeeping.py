"""A backup of everything at the start of each break, by itself, into the folder the administrator chose; or by a button.

The server only decides when: another process makes the backup (`python -m app.commands backup --at ROUND`), so that a stick that
is slow, full or pulled out holds up nobody. Never while a sealed urn is unopened: a copy from then would part what was in by
then from what came later (docs/security.md); it waits for the urn instead.
"""

from __future__ import annotations

import datetime
import errno
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from app import backup_folder, backups
from app.boards import Boards
from app.domain.records import board_of
from app.exports import open_urns
from app.moments import Committed, NoSuchBoard
from config import ROOT, Settings

logger = logging.getLogger("palabre.safekeeping")

STATUS = "backup-status.json"
BY_HAND = "hand"
TICK_S = 1
# A stick that takes longer than this is given up; then the other process has so long to clear away what it wrote.
PATIENCE_S = 180
GRACE_S = 10
CODES = ("gone", "full", "read_only", "slow", "failed")
_OF_ERRNO = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "full"),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), "read_only"),
    **dict.fromkeys((errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTDIR), "gone"),
}
_OF_SQLITE = {
    **{"SQLITE_FULL": "full", "SQLITE_READONLY": "read_only", "SQLITE_IOERR": "gone"},
    "SQLITE_INTERRUPT": "slow",  # by the server, which waited long enough
}

Status = dict[str, Any]


class Safekeeping:
    """When a backup is due in this process, and what became of the last one (of any process).

    `start` runs the process that makes it.
    """

    def __init__(
        self,
        settings: Settings,
        boards: Boards,
        start: Callable[[str], subprocess.Popen[bytes]] | None = None,
    ) -> None:
        self._settings, self._boards = settings, boards
        self._start = start or self._other_process
        self._wanted: str | None = None
        self._label = ""
        self._making: subprocess.Popen[bytes] | None = None
        self._until_s = 0.0
        # Asked to stop, and when they are killed: they are waited for, and nothing waits for them.
        self._given_up: list[tuple[subprocess.Popen[bytes], float]] = []
        self._read_at = 0
        self._known: Status = {}

    # --- when ---

    def noticed(self, committed: Committed) -> None:
        """A listener of commits: a break that begins here asks for a backup; on a practice board nothing is worth one."""
        if not committed.is_ours or board_of(committed.moment.state).get("practice"):
            return
        for change in committed.changes:
            if change.table == "rounds" and "epoch" in change.fields:
                round_ = committed.moment.state["rounds"].get(change.id, {})
                if round_.get("kind") == "break" and round_["state"] == "running":
                    self.want(change.id)

    def want(self, label: str = BY_HAND) -> None:
        """Make a backup as soon as no sealed urn is unopened."""
        self._wanted = label

    def run(self, sleep: Callable[[float], object]) -> None:
        """For ever."""
        with suppress(OSError):
            backup_folder.remember(self._settings)
        while True:
            sleep(TICK_S)
            try:
                self.tick()
            except Exception:
                logger.exception("the backup of a break failed")
                self._wanted, self._making = None, None

    def tick(self) -> None:
        self._given_up = [given_up for given_up in self._given_up if not _has_ended(*given_up)]
        if self._making:
            self._look()
        elif self._wanted is not None:
            if self.is_sealed():
                self._tell("waiting")
            else:
                self._until_s = time.monotonic() + PATIENCE_S
                self._tell("making")
                # What is asked for from now on is another one.
                self._label, self._wanted = self._wanted, None
                self._making = self._start(self._label)

    def is_sealed(self) -> bool:
        """Whether a sealed urn is unopened on any board of this server."""
        for board in self._boards.loaded():
            with suppress(NoSuchBoard):
                if open_urns(self._boards.moment(board).state):
                    return True
        return False

    def _look(self) -> None:
        """Whether the other process is done, and with what."""
        assert self._making
        ended = self._making.poll()
        if ended is None:
            if time.monotonic() > self._until_s:
                self._making.terminate()
                self._given_up.append((self._making, time.monotonic() + GRACE_S))
                self._making = None
                self._tell("failed", code="slow")
            return
        self._making = None
        status = self.status()
        if status.get("state") == "making":
            self._tell("failed", code="failed")
        elif status.get("state") == "made" and self.is_sealed():
            # A round began meanwhile: perhaps what it holds is in the copy.
            Path(status["path"]).unlink(missing_ok=True)
            self._wanted = self._wanted or self._label
            self._tell("waiting")

    @staticmethod
    def _other_process(label: str) -> subprocess.Popen[bytes]:
        """It reads the settings from the same environment."""
        return subprocess.Popen(
            [sys.executable, "-m", "app.commands", "backup", f"--at={label}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    # --- what became of it ---

    def status(self) -> Status:
        """Shape: {} before the first; else {state, code, at_ms, path}: waiting, making, made, or failed with one of CODES."""
        path = self._settings.data / STATUS
        with suppress(OSError, ValueError):
            if (changed := path.stat().st_mtime_ns) != self._read_at:
                self._known, self._read_at = json.loads(path.read_text(encoding="utf-8")), changed
        return self._known

    def told(self) -> Status | None:
        """What staff are told: no path, no round of another workshop; and for how many whole minutes one has been waiting."""
        if not (status := self.status()):
            return None
        told = {name: status[name] for name in ("state", "code", "at_ms")}
        waits_ms = time.time_ns() // 1_000_000 - status["at_ms"]
        return told | ({"since_min": max(0, waits_ms // 60_000)} if status["state"] == "waiting" else {})

    def _tell(self, state: str, code: str = "") -> None:
        if (self.status().get("state"), self.status().get("code")) != (state, code):
            # Known here even if the disk does not take it.
            self._known = tell(self._settings, state, code)


def _has_ended(process: subprocess.Popen[bytes], until_s: float) -> bool:
    if process.poll() is not None:
        return True
    if time.monotonic() > until_s:
        process.kill()
    return False


def tell(settings: Settings, state: str, code: str = "", path: Path | None = None) -> Status:
    """Keep what became of a backup where every worker and the next start read it."""
    status = {"state": state, "code": code, "at_ms": time.time_ns() // 1_000_000, "path": str(path or "")}
    fresh = settings.data / f"{STATUS}.{os.getpid()}"
    try:
        fresh.write_text(json.dumps(status), encoding="utf-8")
        fresh.replace(settings.data / STATUS)
    except OSError as error:
        logger.error("storage: %s was not written: %s", STATUS, error.strerror)
    return status


def keep(settings: Settings, label: str) -> Path:
    """Make the backup into the chosen folder, and let the oldest beyond the last few go. Raises: NotKept."""
    folder = backup_folder.chosen(settings)
    name = backup_folder.file_name(settings.mark, f"{datetime.datetime.now():%Y-%m-%d-%H%M%S}", label)
    try:
        if not folder.is_there:
            raise NotKept("gone")
        for left in backups.left_over(settings, folder.path):
            shutil.rmtree(left)
        made = backups.backup(settings, folder.path / name)
    except (OSError, sqlite3.Error) as error:
        tell(settings, "failed", cause_of(error))
        raise NotKept(cause_of(error)) from error
    except (backups.NotDone, NotKept) as error:
        code = error.code if isinstance(error, NotKept) else "failed"
        tell(settings, "failed", code)
        raise NotKept(code) from error
    tell(settings, "made", path=made)
    for old in backup_folder.surplus(os.listdir(folder.path), settings.mark, folder.keep):
        with suppress(OSError):
            (folder.path / old).unlink()
    return made


class NotKept(Exception):
    """A backup that was not made; `code` is one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cause_of(error: OSError | sqlite3.Error) -> str:
    """What a person can do something about, behind an error of the disk."""
    if isinstance(error, OSError):
        return _OF_ERRNO.get(error.errno or 0, "failed")
    name: str = getattr(error, "sqlite_errorname", "")
    return next((code for beginning, code in _OF_SQLITE.items() if name.startswith(beginning)), "failed")
