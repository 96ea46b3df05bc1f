"""R07: reads, writes and flushes fail with an input/output error; nothing is acknowledged that is not kept."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from tests.faults.disks import VolatileDisk, lose_power
from tests.faults.load import at_work, check
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.server import Server

# The error comes at the n-th call from now, n = 1..200: eight trials ask for each of them once.
LATEST, STRIDE = 200, 8
ERRORS = LATEST // STRIDE  # of one server
QUIET_S = 0.3
SENTENCES = ("Palabre did not start: ", "No upgrade without a backup: ")
TOLD = ("disk I/O error", "Input/output error", "malformed", "unable to open database file")


def trial(seed: int, folder: Path) -> int:
    random, disk = Random(seed), VolatileDisk(folder, seed)
    server, deaths = ReadyServer(disk.path, beside=folder), 0
    try:
        with at_work(server) as load:
            calls = list(range(1 + seed % STRIDE, LATEST + 1, STRIDE))
            random.shuffle(calls)
            for call in calls:
                load.await_more()
                disk.fail(call, random.randint(1, 3))
                disk.await_failure()
                time.sleep(random.uniform(0.0, QUIET_S))
                if not server.is_healthy():
                    deaths += 1
                    server.kill()
                    server.start()
                elif random.random() < 0.1:
                    lose_power(server, disk)
                    server.start()
                elif random.random() < 0.1:
                    start_on_a_failing_disk(server, disk, random.randint(1, LATEST))
            disk.heal()
            load.await_more(5)
            load.leave()
            check(server, load)
    finally:
        disk.lose_power()
    refused = load.refused["storage"]
    print(
        f"R07: {ERRORS} errors, {refused} refused, {deaths} deaths, {load.acknowledged} acknowledged, 0 lost"
    )
    return ERRORS


def start_on_a_failing_disk(server: Server, disk: VolatileDisk, first: int) -> None:
    """It may end with a sentence about the disk; it never stays half started, and the next start is a clean one."""
    server.kill()
    disk.fail(first, 1)
    try:
        server.start()
    except AssertionError as error:
        assert any(sentence in str(error) for sentence in SENTENCES), error
        assert any(word in str(error) for word in TOLD), error
        server.start()


R07 = Row("R07", pr=2 * ERRORS, rel=200, unit="errors", trial=trial, batch=ERRORS, lanes=2)


def test_r07_an_error_of_the_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    sample(R07, tmp_path)
