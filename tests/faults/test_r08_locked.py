"""R08: another process holds the database's write lock; nobody's page freezes, what cannot be kept is refused and comes again."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import requests

from tests.faults.disks import locked
from tests.faults.load import Load, at_work, check, within
from tests.faults.pulse import Pulse
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.server import Server

HELD_S = 10
LONGEST_STALL_S = 2.5


def trial(seed: int, folder: Path) -> None:
    random, server = Random(seed), ReadyServer(folder)
    with at_work(server) as load:
        longest_s = lock(server, load, random)
        load.leave()
        check(server, load)
    refused, stall_ms = load.refused["storage"], longest_s * 1000
    print(
        f"R08: {refused} refused, {load.acknowledged} acknowledged, 0 lost, longest stall {stall_ms:.0f} ms"
    )


def lock(server: Server, load: Load, random: Random) -> float:
    """Hold the lock once; how long the page of somebody who reads was kept waiting at the longest."""
    load.await_more(5)
    refused = load.refused["storage"]
    time.sleep(random.uniform(0.0, 0.5))
    with Pulse(lambda: sign_of_life(server), server.pid) as pulse, locked(server.data / "palabre.db"):
        time.sleep(HELD_S)
    load.await_more(10)
    assert load.refused["storage"] > refused, "nobody was told"
    assert pulse.longest_s < within(LONGEST_STALL_S), f"the loop stood still for {pulse.longest_s:.1f} s"
    return pulse.longest_s


def sign_of_life(server: Server) -> None:
    requests.get(f"{server.url}/health", timeout=30).raise_for_status()


R08 = Row("R08", pr=5, rel=50, unit="locks", trial=trial, lanes=5)


def test_r08_a_locked_database_stops_nobody(tmp_path: Path) -> None:
    sample(R08, tmp_path)
