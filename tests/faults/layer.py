"""A disk that can lose power and fail: a FUSE layer over a folder, in a process of its own.

What was written and not yet flushed by fsync lives in this process alone, so killing it is a power cut. Some of it reaches
the folder early and in any order, as from a real cache. Names and sizes (create, rename, unlink, truncate) are kept at once,
as by a journalling file system. On stdin: `fail N TIMES` lets the N-th call from now on, and those after it, end in EIO; when
the first of them has, stdout says which order that was.
"""

from __future__ import annotations

import errno
import os
import resource
import sys
import threading
from pathlib import Path
from random import Random
from typing import Any

import mfusepy

EARLY = 0.3


class File:
    """One file's content as its users see it, and which parts the folder does not have yet."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_RDWR)
        self.content = bytearray(path.read_bytes())
        self.unflushed: list[tuple[int, bytes]] = []

    def write(self, data: bytes, offset: int) -> None:
        if offset > len(self.content):
            self.content.extend(bytes(offset - len(self.content)))
        self.content[offset : offset + len(data)] = data

    def truncate(self, length: int) -> None:
        os.ftruncate(self.handle, length)
        self.content[length:] = bytes(max(0, length - len(self.content)))
        self.unflushed = [(at, data[: length - at]) for at, data in self.unflushed if at < length]

    def flush(self) -> None:
        for at, data in self.unflushed:
            os.pwrite(self.handle, data, at)
        self.unflushed.clear()


class Layer(mfusepy.Operations):
    use_ns = True

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.files: dict[str, File] = {}
        self.handles: dict[int, File] = {}
        self.until_failure, self.failures, self.orders, self.told = 0, 0, 0, 0

    def listen(self) -> None:
        for line in sys.stdin:
            _, first, times = line.split()
            self.orders, self.failures, self.until_failure = self.orders + 1, int(times), int(first)

    def _may_fail(self) -> None:
        """Called by what touches the disk."""
        self.until_failure -= 1
        if self.until_failure <= 0 and self.failures:
            self.failures -= 1
            if self.told != self.orders:
                self.told = self.orders
                print(self.told, flush=True)
            raise OSError(errno.EIO, "as told")

    def _real(self, path: str) -> Path:
        return self.folder / path.lstrip("/")

    def _file(self, path: str) -> File:
        if path not in self.files:
            self.files[path] = File(self._real(path))
        return self.files[path]

    def _opened(self, path: str) -> int:
        number = max(self.handles, default=0) + 1
        self.handles[number] = self._file(path)
        return number

    # --- data: in this process until it is flushed ---

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        self._may_fail()
        return bytes(self.handles[fh].content[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._may_fail()
        file = self.handles[fh]
        file.write(data, offset)
        if self.random.random() < EARLY:
            os.pwrite(file.handle, data, offset)
        # Also what went early: a later flush must not put an older write over it.
        file.unflushed.append((offset, data))
        return len(data)

    def fsync(self, path: str, datasync: int, fh: int) -> None:
        file = self.handles[fh]
        try:
            self._may_fail()
        except OSError:
            # As Linux does: what could not be written counts as written, and no later flush tries again.
            file.unflushed.clear()
            raise
        file.flush()

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        self._may_fail()
        (self.handles[fh] if fh in self.handles else self._file(path)).truncate(length)

    def flush(self, path: str, fh: int) -> None: ...

    def fsyncdir(self, path: str, datasync: int, fh: int) -> None: ...

    def release(self, path: str, fh: int) -> None:
        self.handles.pop(fh)

    # --- names: kept at once ---

    def open(self, path: str, flags: int) -> int:
        self._may_fail()
        return self._opened(path)

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        self._may_fail()
        os.close(os.open(self._real(path), os.O_CREAT | os.O_RDWR, mode))
        self._give(path)
        return self._opened(path)

    def _give(self, path: str) -> None:
        """A new name is its maker's: PostgreSQL does not run as root."""
        user, group, _ = mfusepy.fuse_get_context()
        os.chown(self._real(path), user, group)

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        found = os.lstat(self._real(path))
        names = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size")
        told = {name: getattr(found, name) for name in names}
        times = {f"st_{which}time": getattr(found, f"st_{which}time_ns") for which in "amc"}
        size = {"st_size": len(self.files[path].content)} if path in self.files else {}
        return {**told, **times, **size}

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *os.listdir(self._real(path))]

    def link(self, target: str, source: str) -> None:
        os.link(self._real(source), self._real(target))
        self.files[target] = self._file(source)

    def rename(self, old: str, new: str) -> None:
        os.rename(self._real(old), self._real(new))
        self.files.pop(new, None)
        if old in self.files:
            self.files[new] = self.files.pop(old)

    def unlink(self, path: str) -> None:
        self._may_fail()
        os.unlink(self._real(path))
        self.files.pop(path, None)

    def mkdir(self, path: str, mode: int) -> None:
        os.mkdir(self._real(path), mode)
        self._give(path)

    def rmdir(self, path: str) -> None:
        os.rmdir(self._real(path))

    def chmod(self, path: str, mode: int) -> None:
        os.chmod(self._real(path), mode)

    def utimens(self, path: str, times: Any = None) -> None: ...

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self.folder)
        return {name: getattr(found, name) for name in dir(found) if name.startswith("f_")}


if __name__ == "__main__":
    # Every file that was ever opened stays open here: a PostgreSQL has more than a thousand.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    layer = Layer(Path(sys.argv[1]), int(sys.argv[3]))
    threading.Thread(target=layer.listen, daemon=True).start()
    mfusepy.FUSE(
        layer, sys.argv[2], foreground=True, nothreads=True, allow_other=True, fsname="palabre-faults"
    )
