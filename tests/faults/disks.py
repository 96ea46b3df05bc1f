"""Disks that break: one that loses power or fails (a FUSE layer of our own), one that is full (a tmpfs), a file that is locked.

But for the lock, for root on Linux.
"""

from __future__ import annotations

import importlib.util
import math
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests import services
from tests.not_run import NotRun
from tests.server import ROOT, Server
from tools import debian

MOUNT_S = 10
FAILURE_S = 60


def need_mounts() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NotRun("only root on Linux may mount a disk")


class VolatileDisk:
    """A folder behind `layer.py`: what was not flushed is gone after `lose_power`. What lies in `kept` already is on it."""

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
        self._kept.mkdir(exist_ok=True)
        self.mount()

    def mount(self) -> None:
        command = [sys.executable, "-m", "tests.faults.layer", self._kept, self.path, str(self._seed)]
        with self._log.open("ab") as log:
            self._layer = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, bufsize=0
            )
        self._orders = 0
        deadline = time.monotonic() + MOUNT_S
        while not self.path.is_mount():
            if self._layer.poll() is not None or time.monotonic() > deadline:
                self.lose_power()
                raise NotRun(f"FUSE does not mount: {self._log.read_text()[-300:]}")
            time.sleep(0.02)

    def fail(self, first: int, times: int) -> None:
        """Let the `first` call from now on, and those following it, end in an input/output error."""
        assert self._layer.stdin
        self._orders += 1
        self._layer.stdin.write(f"fail {first} {times}\n".encode())
        self._layer.stdin.flush()

    def await_failure(self) -> None:
        """Until the first of them has been met."""
        assert self._layer.stdout
        met = 0
        while met < self._orders:
            came, _, _ = select.select([self._layer.stdout], [], [], FAILURE_S)
            assert came, "nobody came to the failing call"
            met = int(self._layer.stdout.readline())

    def heal(self) -> None:
        self.fail(0, 0)

    def lose_power(self) -> None:
        self._layer.kill()
        self._layer.communicate()
        subprocess.run(["umount", "-l", self.path], stderr=subprocess.DEVNULL, check=False)


def lose_power(server: Server, disk: VolatileDisk) -> None:
    """The disk first: nothing the server says afterwards can have been committed. Memory goes too, and with it the urns' keys."""
    disk.lose_power()
    server.kill()
    server.forget_keys()
    disk.mount()


class VolatilePostgres(services.Postgres):
    """A PostgreSQL of our own whose data folder is on a disk that loses power."""

    def __init__(self, folder: Path, seed: int, settings: str = "") -> None:
        need_mounts()
        self.disk: VolatileDisk | None = None
        self._seed, self._first = seed, 0
        # What is not on the disk when it comes back is gone: nothing of a thousand files is left to be flushed one by one.
        super().__init__(folder, is_ours=True, settings=f"-c recovery_init_sync_method=syncfs {settings}")

    @property
    def data(self) -> str:
        return str(self.folder / ("disk" if self.disk else "kept"))

    def start(self) -> None:
        self.disk = self.disk or VolatileDisk(self.folder, self._seed)
        super().start()
        self._first = int((Path(self.data) / "postmaster.pid").read_text().split()[0])

    def lose_power(self) -> None:
        """The disk first: nothing that is said afterwards can have been committed."""
        assert self.disk
        self.disk.lose_power()
        if not self._first:
            return
        first, self._first = self._first, 0
        with suppress(ProcessLookupError):
            os.kill(first, signal.SIGSTOP)  # it starts no more processes while we look for them
        family = [first, *children_of(first)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # Its successor looks whether one of them still has the shared memory.
        services.wait_until(lambda: not any(map(is_alive, family)), "the end of PostgreSQL")

    def come_back(self) -> None:
        assert self.disk
        # After a power cut no process has that number; here a dead one may keep it until somebody asks for its end.
        (self.folder / "kept" / "postmaster.pid").unlink(missing_ok=True)
        self.disk.mount()
        self.start()

    def knows(self, url: str) -> bool:
        """Whether there still is a database of this name; that it is sound is for its server to find out."""
        try:
            self.execute("SELECT 1", database=url.rsplit("/", 1)[1])
        except psycopg.Error as error:
            return "does not exist" not in str(error)
        return True


def children_of(pid: int) -> list[int]:
    return [child for child, (_, parent) in _processes() if parent == pid]


def is_alive(pid: int) -> bool:
    return any(pid == each and state != "Z" for each, (state, _) in _processes())


def _processes() -> Iterator[tuple[int, tuple[str, int]]]:
    """Every process: its id, its state and its parent."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            yield int(path.parent.name), (state, int(parent))


class SmallDisk:
    """A tmpfs that can be made as small as what lies on it, and a little more; or that a ballast fills."""

    def __init__(self, folder: Path, kib: int) -> None:
        need_mounts()
        self.path, self._kib = folder / "disk", kib
        self.path.mkdir()
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", self.path], capture_output=True, text=True
        )
        if made.returncode:
            raise NotRun(f"no tmpfs to be had: {made.stderr.strip()}")

    def leave(self, left_kib: int) -> None:
        """No more than so much fits on it from now on."""
        for _ in range(100):
            # The server writes meanwhile, and no disk gets smaller than what lies on it.
            if self._resize(math.ceil(shutil.disk_usage(self.path).used / 1024) + left_kib):
                return
        raise AssertionError("the disk could not be made small")

    def grow(self) -> None:
        """As large as it was."""
        assert self._resize(self._kib)

    def _resize(self, kib: int) -> bool:
        command = ["mount", "-o", f"remount,size={kib}k", self.path]
        return subprocess.run(command, capture_output=True).returncode == 0

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
