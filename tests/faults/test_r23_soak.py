"""R23: a room that comes and goes, writes, opens and closes rounds for a long time; memory stays flat and the log silent.

The check takes a minute of it; a release `PALABRE_SOAK_MINUTES=240 make faults MINUTES=240 ONLY=R23`.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.client import Client
from tests.faults.disks import locked
from tests.faults.herd import Herd
from tests.faults.load import BROKEN, ROUND, Load, check
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
# never freed, for each connection, would be three times as much. A long one measures the slope of its second half.
POOLS_MIB, SLOPE_MIB_H = 24.0, 2.0


def trial(seed: int, folder: Path) -> int:
    random, server = Random(seed), Server(folder)
    server.start()
    load = Load(server, writers=WRITERS, pause_s=PACE_S)
    herd = Herd(server, but=WRITERS)
    facilitator = Client(server.links["co_facilitator"]).connect()
    try:
        for _ in range(WARM):
            come_and_go(herd, facilitator)
        begun, first_mib = time.monotonic(), server.resident_mib()
        returns = live_through(server, herd, facilitator, random, MINUTES / 2)
        middle_mib = server.resident_mib()
        returns += live_through(server, herd, facilitator, random, MINUTES / 2)
        last_mib, hours = server.resident_mib(), (time.monotonic() - begun) / 3600
        grown_mib, slope_mib_h = last_mib - first_mib, (last_mib - middle_mib) / (hours / 2)
        assert grown_mib < POOLS_MIB + SLOPE_MIB_H * hours, f"{grown_mib:.1f} MiB in {returns} returns"
        assert hours < 1 or slope_mib_h < SLOPE_MIB_H, f"{slope_mib_h:.1f} MiB an hour"
        load.leave()
        facilitator.close()
        check(server, load)
        assert not (errors := [line for line in complaints(server.log)]), errors[:5]
    finally:
        load.leave()
        herd.close()
        server.kill()
    print(f"R23: {PEOPLE} people came back {returns} times in {hours * 60:.1f} min, {grown_mib:+.1f} MiB")
    return max(1, int(hours * 60))


def live_through(server: Server, herd: Herd, facilitator: Client, random: Random, minutes: float) -> int:
    """So many minutes of the seminar, with a fault now and then; how often everybody came back."""
    end, next_fault, returns = time.monotonic() + minutes * 60, time.monotonic() + FAULT_EVERY_S / 2, 0
    while time.monotonic() < end:
        come_and_go(herd, facilitator)
        returns += 1
        if time.monotonic() > next_fault:
            break_something(server, facilitator, random)
            next_fault += FAULT_EVERY_S
        time.sleep(RETURN_EVERY_S)
    return returns


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


def test_r23_memory_stays_flat_and_the_log_silent(tmp_path: Path) -> None:
    sample(R23, tmp_path)
