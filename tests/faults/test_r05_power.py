"""R05: the power fails under load; of what was not flushed to the disk nothing is left, and nothing acknowledged is missing."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from tests.faults.disks import VolatileDisk, lose_power
from tests.faults.load import Load, check
from tests.faults.rows import Row, sample
from tests.server import Server

CUTS = 6  # of one server


def trial(seed: int, folder: Path) -> int:
    return cut(folder, Random(seed), CUTS)


def cut(folder: Path, random: Random, cuts: int, *bug: str) -> int:
    disk = VolatileDisk(folder, random.randrange(10**6))
    server = Server(disk.path, beside=folder)
    load = None
    try:
        server.start()
        load = Load(server)
        if bug:
            server.stop()
            server.program = ("-m", "tests.faults.mutant", *bug)
            server.start()
        for _ in range(cuts):
            load.await_more(5)
            time.sleep(random.uniform(0.0, 0.5))
            lose_power(server, disk)
            server.start()
        load.await_more()
        load.leave()
        check(server, load)
    finally:
        if load:
            load.leave()
        server.kill()
        disk.lose_power()
    print(f"R05: {cuts} power cuts, {load.acknowledged} acknowledged, 0 lost")
    return cuts


R05 = Row("R05", pr=CUTS, rel=300, unit="power cuts", trial=trial)


def test_r05_no_acknowledged_operation_is_lost_in_a_power_cut(tmp_path: Path) -> None:
    sample(R05, tmp_path)


def test_r05_a_weaker_setting_of_sqlite_would_lose_some(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"lost comments|was told|gone"):
        cut(tmp_path, Random(1), 3, "synchronous NORMAL")
