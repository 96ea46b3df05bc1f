"""The instruments: a process's CPU time and memory, a bare fsync, percentiles, medians, and how cost grows."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

PAGE_BYTES = 4096


def cpu_s(pid: int) -> float:
    """User and system time of all threads of a process: the sum in /proc/<pid>/stat, in nanoseconds instead of ticks."""
    return time.clock_gettime(~pid << 3 | 2)


def busy_s(core: int) -> float:
    """How long a core has been busy, with anything."""
    line = next(x for x in Path("/proc/stat").read_text().splitlines() if x.startswith(f"cpu{core} "))
    ticks = [int(field) for field in line.split()[1:]]
    user, nice, system, _idle, _iowait, *rest = ticks[:8]
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


class Others:
    """What everybody else does on the cores we measure on, since this was made."""

    def __init__(self, cores: Sequence[int], pid: int) -> None:
        self._cores, self._pids = sorted(set(cores)), (pid, os.getpid())
        self._began, self._busy, self._ours = self._now()

    def _now(self) -> tuple[float, float, float]:
        return time.monotonic(), sum(map(busy_s, self._cores)), sum(map(cpu_s, self._pids))

    def share(self) -> float:
        """Of all that these cores could do."""
        now, busy, ours = self._now()
        spent = (busy - self._busy) - (ours - self._ours)
        return max(0.0, spent / (now - self._began) / len(self._cores))


def rss_kb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def fsyncs_s(folder: Path, count: int) -> list[float]:
    """How long it takes to write one page at the end of a file and have it on the disk."""
    took, page = [], os.urandom(PAGE_BYTES)
    path = folder / "fsync"
    with path.open("ab", buffering=0) as file:
        for _ in range(count):
            began = time.monotonic()
            file.write(page)
            os.fsync(file.fileno())
            took.append(time.monotonic() - began)
    path.unlink()
    return took


def percentile(ordered: Sequence[float], share: float, of: int | None = None) -> float:
    """The value below which `share` of all lie; infinite when so many never came. `of`: how many there should be."""
    place = math.ceil(share * (of or len(ordered))) - 1
    return ordered[place] if 0 <= place < len(ordered) else math.inf


def median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else math.nan


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """k of cost ~ size^k: the slope of the straight line through the logarithms."""
    logs = [(math.log(size), math.log(max(cost, 1e-9))) for size, cost in points]
    mean_x, mean_y = (sum(axis) / len(logs) for axis in zip(*logs, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread if spread else math.nan
