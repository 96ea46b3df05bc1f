"""R07: reads, writes and flushes fail with an input/output error; nothing is acknowledged that is not kept."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from tests.faults.disks import VolatileDisk, lose_power
from tests.faults.load import Load, check
from tests.faults.rows import Row, sample
from tests.server import Server

ERRORS = 20  # of one server
LATEST = 40
QUIET_S = 0.3
TOLD = ("disk I/O error", "Input/output error", "malformed")


def trial(seed: int, folder: Path) -> int:
    random, disk = Random(seed), VolatileDisk(folder, seed)
    server, load, deaths = Server(disk.path, beside=folder), None, 0
    try:
        server.start()
        load = Load(server)
        for _ in range(ERRORS):
            load.await_more()
            disk.fail(random.randrange(LATEST), random.randint(1, 3))
            time.sleep(random.uniform(0.0, QUIET_S))
            if not server.is_healthy():
                deaths += 1
                server.kill()
                server.start()
            elif random.random() < 0.1:
                lose_power(server, disk)
                server.start()
            elif random.random() < 0.1:
                start_on_a_failing_disk(server, disk, random.randrange(LATEST))
        disk.fail(0, 0)
        load.await_more(5)
        load.leave()
        check(server, load)
    finally:
        if load:
            load.leave()
        server.kill()
        disk.lose_power()
    refused = load.refused["storage"]
    print(
        f"R07: {ERRORS} errors, {refused} refused, {deaths} deaths, {load.acknowledged} acknowledged, 0 lost"
    )
    return ERRORS


def start_on_a_failing_disk(server: Server, disk: VolatileDisk, first: int) -> None:
    """It may end with a word about the disk; it never stays half started, and the next start is a clean one."""
    server.kill()
    disk.fail(first, 1)
    try:
        server.start()
    except AssertionError as error:
        assert any(word in str(error) for word in TOLD), error
        server.start()


R07 = Row("R07", pr=ERRORS, rel=200, unit="errors", trial=trial)


def test_r07_an_error_of_the_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    sample(R07, tmp_path)
