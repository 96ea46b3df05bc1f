"""R05: the power fails under load; of what was not flushed to the disk nothing is left, and nothing acknowledged is missing.

On SQLite and, each fifth seed, on a PostgreSQL whose data folder is on such a disk.
"""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from tests.faults.disks import VolatileDisk, VolatilePostgres, lose_power
from tests.faults.load import at_work, check, check_board, check_logs
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.not_run import or_skip

CUTS, EACH = 5, 5  # of one server; of so many servers one has PostgreSQL


# PostgreSQL reads its log again through a disk that is written in Python; on a busy machine that takes long.
RECOVERY_S = 240


def trial(seed: int, folder: Path) -> int:
    if seed % EACH == 0:
        return cut_postgresql(folder, Random(seed), CUTS)
    return cut(folder, Random(seed), CUTS)


def cut(folder: Path, random: Random, cuts: int, *bug: str) -> int:
    disk = VolatileDisk(folder, random.randrange(10**6))
    server = ReadyServer(disk.path, beside=folder)
    try:
        with at_work(server) as load:
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
        disk.lose_power()
    print(f"R05: {cuts} power cuts, {load.acknowledged} acknowledged, 0 lost")
    return cuts


def cut_postgresql(folder: Path, random: Random, cuts: int, settings: str = "") -> int:
    postgres = VolatilePostgres(folder / "postgres", random.randrange(10**6), settings)
    try:
        database = postgres.new_database()
        (data := folder / "data").mkdir()
        server = ReadyServer(data, environment={"PALABRE_DATABASE": database})
        with at_work(server) as load:
            for _ in range(cuts):
                load.await_more(5, within_s=RECOVERY_S)
                time.sleep(random.uniform(0.0, 0.5))
                postgres.lose_power()
                server.kill()
                server.forget_keys()
                postgres.come_back()
                assert postgres.knows(database), "the database is gone, and all that was acknowledged with it"
                server.start()
            load.await_more(within_s=RECOVERY_S)
            load.leave()
            check_board(server.links["facilitator"], load)
            check_logs(postgres, database)
    finally:
        postgres.lose_power()
    print(f"R05: {cuts} power cuts of PostgreSQL, {load.acknowledged} acknowledged, 0 lost")
    return cuts


R05 = Row("R05", pr=25, rel=300, unit="power cuts", trial=trial, batch=CUTS, lanes=2)


def test_r05_no_acknowledged_operation_is_lost_in_a_power_cut(tmp_path: Path) -> None:
    sample(R05, tmp_path)


def test_r05_a_weaker_setting_of_sqlite_would_lose_some(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"lost comments|was told|gone"):
        cut(tmp_path, Random(1), 3, "synchronous NORMAL")


def test_r05_postgresql_without_fsync_would_lose_some(tmp_path: Path) -> None:
    with or_skip(), pytest.raises(AssertionError, match=r"lost comments|was told|gone|pg_ctl"):
        cut_postgresql(tmp_path, Random(1), 3, "-c fsync=off")
