"""R06: the disk is full under load; what cannot be kept is refused as `storage`, reading goes on, and room mends all."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import requests

from tests.client import Client
from tests.faults.disks import SmallDisk
from tests.faults.load import Load, at_work, check
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.server import Server

DISK_KIB = 16 * 1024
# What the disk still takes when it gets small.
LEFT_KIB = 400
TIMES = 5  # of one server


def trial(seed: int, folder: Path) -> int:
    random, disk = Random(seed), SmallDisk(folder, DISK_KIB)
    server = ReadyServer(disk.path, beside=folder)
    try:
        with at_work(server) as load:
            for _ in range(TIMES):
                load.await_more(5)
                fill(load, disk, random.randint(0, LEFT_KIB))
                read(load)
                receive_newcomer(server)
                if random.random() < 0.5:
                    server.kill()
                    server.start()
                    read(load)
                disk.grow()
                load.await_more(10)
            load.leave()
            check(server, load)
    finally:
        disk.close()
    print(
        f"R06: full {TIMES} times, {load.refused['storage']} refused, {load.acknowledged} acknowledged, 0 lost"
    )
    return TIMES


def fill(load: Load, disk: SmallDisk, left_kib: int) -> None:
    """Let the server's own writing fill what is left, until nothing fits any more."""
    disk.leave(left_kib)
    refused, deadline = load.refused["storage"], time.monotonic() + 60
    while load.refused["storage"] < refused + 5:
        assert time.monotonic() < deadline, "nothing was refused on a full disk"
        time.sleep(0.05)


def read(load: Load) -> None:
    """Who is in loads the page again and sees the board."""
    known = load.commenters[0].entered()
    again = Client(f"{known.base}/b/{known.page['handle']}/console", session=known.session).connect()
    assert again.replica.all("rounds")
    again.close()


def receive_newcomer(server: Server) -> None:
    """A seat that cannot be kept is not given, and the page says why. So little may still fit."""
    page = requests.get(server.links["observer"], headers={"Accept-Language": "fr"}, timeout=20)
    if page.status_code != 200:
        assert page.status_code == 503, page.status_code
        assert "Le serveur ne peut pas écrire" in page.text


R06 = Row("R06", pr=2 * TIMES, rel=100, unit="full disks", trial=trial, batch=TIMES, lanes=2)


def test_r06_b03_a_full_disk_is_told_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    sample(R06, tmp_path)
