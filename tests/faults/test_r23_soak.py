"""R23: a room that comes and goes, writes, opens and closes rounds for a long time; memory stays flat and the log silent.

The check takes half a minute of it, `make faults` a twelfth of its minutes at a time; a release
`PALABRE_SOAK_MINUTES=240 make faults MINUTES=240 ONLY=R23`.
"""

from __future__ import annotations

import os
import statistics
import time
from contextlib import closing, suppress
from pathlib import Path
from random import Random

from tests.client import Client
from tests.faults.disks import locked
from tests.faults.herd import Herd
from tests.faults.load import BROKEN, ROUND, at_work, check
from tests.faults.rows import Row, sample
from tests.server import Server

MINUTES = float(os.environ.get("PALABRE_SOAK_MINUTES", "0.4"))
PEOPLE, WRITERS = 92, 5  # and three of the staff
PACE_S = 5.0  # a person says something every few seconds; a real room is slower
FAULT_EVERY_S = min(300.0, MINUTES * 60 / 2)
RETURN_EVERY_S = 1.0 if MINUTES < 30 else 60.0
ROUND_MS = 10 * 60_000
WARM = 5
# A short run sees the pools fill: what was a connection is freed when its next ping was due, 25 s later. One socket that is
# never freed, for each connection, would be three times as much. A longer one fits a line to its second half.
POOLS_MIB, SLOPE_MIB_H = 24.0, 2.0
FITTED_FROM_MINUTES = 4
Memory = list[tuple[float, float]]


def trial(seed: int, folder: Path) -> int:
    random, server, told = Random(seed), Server(folder), ""
    with at_work(server, writers=WRITERS, pause_s=PACE_S) as load, closing(Herd(server, but=WRITERS)) as herd:
        facilitator = Client(server.links["co_facilitator"]).connect()
        for _ in range(WARM):
            come_and_go(herd, facilitator)
        memory = live_through(server, herd, facilitator, random)
        hours, grown_mib = memory[-1][0], memory[-1][1] - memory[0][1]
        assert grown_mib < POOLS_MIB + SLOPE_MIB_H * hours, f"{grown_mib:.1f} MiB in {len(memory)} returns"
        if MINUTES >= FITTED_FROM_MINUTES:
            told += check_slope(memory)
        load.leave()
        facilitator.close()
        check(server, load)
        assert not (errors := [line for line in complaints(server.log)]), errors[:5]
    print(
        f"R23: {PEOPLE} people came back {len(memory)} times in {hours * 60:.1f} min, {grown_mib:+.1f} MiB{told}"
    )
    return max(1, int(hours * 60))


def check_slope(memory: Memory) -> str:
    """The second half's line rises by less than is allowed, as far as its error lets one say."""
    slope_mib_h, error_mib_h = fitted(memory[len(memory) // 2 :])
    said = f", {slope_mib_h:+.1f} MiB an hour, standard error {error_mib_h:.1f}"
    assert slope_mib_h - 2 * error_mib_h < SLOPE_MIB_H, said
    return said


def fitted(points: Memory) -> tuple[float, float]:
    """The slope of the line through the points with the least squares, and its standard error."""
    slope, base = statistics.linear_regression(*zip(*points, strict=True))
    mean = statistics.fmean(x for x, _ in points)
    squares = sum((y - base - slope * x) ** 2 for x, y in points)
    return slope, (squares / (len(points) - 2) / sum((x - mean) ** 2 for x, _ in points)) ** 0.5


def live_through(server: Server, herd: Herd, facilitator: Client, random: Random) -> Memory:
    """The seminar, with a fault now and then; after how many hours the server held how many MiB, each time all came back."""
    begun = time.monotonic()
    end, next_fault = begun + MINUTES * 60, begun + FAULT_EVERY_S / 2
    memory = [(0.0, server.resident_mib())]
    while time.monotonic() < end:
        come_and_go(herd, facilitator)
        memory.append(((time.monotonic() - begun) / 3600, server.resident_mib()))
        if time.monotonic() > next_fault:
            break_something(server, facilitator, random)
            next_fault += FAULT_EVERY_S
        time.sleep(RETURN_EVERY_S)
    return memory


def come_and_go(herd: Herd, facilitator: Client) -> None:
    """Everybody's page is loaded again, and the round is paused, goes on, and gets more time."""
    assert not herd.enter(PEOPLE)["refused"]
    for verb in ("pause", "resume"):
        facilitator.command(verb, ROUND)
    assert facilitator.socket
    now_ms = facilitator.socket.call("clock", {}, timeout=20)["now"]
    facilitator.command("extend", ROUND, ends_at_ms=now_ms + ROUND_MS)


def break_something(server: Server, facilitator: Client, random: Random) -> None:
    """What a process survives: a database that another one holds, and a machine that stands still."""
    if random.random() < 0.5:
        with locked(server.data / "palabre.db"):
            time.sleep(3)
    else:
        server.stand_still(random.uniform(1, 4))
    with suppress(BROKEN):
        facilitator.close()
    facilitator.connect()


def complaints(log: Path) -> list[str]:
    """What the server's log says was wrong, but for the storage that we took away."""
    lines = log.read_text().splitlines()
    return [
        line
        for line in lines
        if line.startswith(("ERROR", "CRITICAL", "Traceback")) and "storage:" not in line
    ]


R23 = Row("R23", pr=1, rel=240, unit="minutes", trial=trial)


def test_r23_a_line_is_fitted_with_its_error() -> None:
    slope, error = fitted([(hour / 10, 100 + 3 * hour / 10 + (-1) ** hour) for hour in range(40)])
    assert abs(slope - 3) < 2 * error < 1


def test_r23_memory_stays_flat_and_the_log_silent(tmp_path: Path) -> None:
    sample(R23, tmp_path)
