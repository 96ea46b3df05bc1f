"""Disks that break: one that loses power or fails (a FUSE layer of our own), one that is full (a tmpfs), a file that is locked.

But for the lock, for root on Linux.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.rows import NotRun
from tests.server import ROOT, Server
from tools import debian

MOUNT_S = 10


def need_mounts() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NotRun("only root on Linux may mount a disk")


class VolatileDisk:
    """A folder behind `layer.py`: what was not flushed is gone after `lose_power`."""

    def __init__(self, folder: Path, seed: int) -> None:
        need_mounts()
        if not Path("/dev/fuse").exists() or importlib.util.find_spec("mfusepy") is None:
            raise NotRun("no FUSE on this machine")
        if not debian.has("fusermount3", "fuse3"):
            raise NotRun("fuse3 is not installed")
        self.path, self._kept, self._log, self._seed = (
            folder / "disk",
            folder / "kept",
            folder / "layer.log",
            seed,
        )
        self.path.mkdir()
        self._kept.mkdir()
        self.mount()

    def mount(self) -> None:
        command = [sys.executable, "-m", "tests.faults.layer", self._kept, self.path, str(self._seed)]
        with self._log.open("ab") as log:
            self._layer = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)
        deadline = time.monotonic() + MOUNT_S
        while not self.path.is_mount():
            if self._layer.poll() is not None or time.monotonic() > deadline:
                self.lose_power()
                raise NotRun(f"FUSE does not mount: {self._log.read_text()[-300:]}")
            time.sleep(0.02)

    def fail(self, first: int, times: int) -> None:
        """Let the call after `first` more of them, and those following it, end in an input/output error."""
        assert self._layer.stdin
        self._layer.stdin.write(f"fail {first} {times}\n".encode())
        self._layer.stdin.flush()

    def lose_power(self) -> None:
        self._layer.kill()
        self._layer.wait()
        subprocess.run(["umount", "-l", self.path], stderr=subprocess.DEVNULL, check=False)


def lose_power(server: Server, disk: VolatileDisk) -> None:
    """The disk first: nothing the server says afterwards can have been committed. Memory goes too, and with it the urns' keys."""
    disk.lose_power()
    server.kill()
    server.forget_keys()
    disk.mount()


class SmallDisk:
    """A tmpfs that a ballast fills."""

    def __init__(self, folder: Path, kib: int) -> None:
        need_mounts()
        self.path = folder / "disk"
        self.path.mkdir()
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", self.path], capture_output=True, text=True
        )
        if made.returncode:
            raise NotRun(f"no tmpfs to be had: {made.stderr.strip()}")

    def fill(self, left_kib: int) -> None:
        """The server writes meanwhile, so what is left may be less."""
        free = shutil.disk_usage(self.path).free - left_kib * 1024
        with suppress(OSError):
            (self.path / "ballast").write_bytes(bytes(max(0, free)))

    def free(self) -> None:
        (self.path / "ballast").unlink()

    def close(self) -> None:
        subprocess.run(["umount", "-l", self.path], check=False)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """The write lock of a database file, held from this process."""
    other = sqlite3.connect(path, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
