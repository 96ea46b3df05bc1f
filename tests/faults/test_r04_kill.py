"""R04: the server is killed at random moments under load; nothing acknowledged is lost, nothing comes twice."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from tests.faults.load import at_work, check, within
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample
from tests.server import Server

KILLS = 15  # of one server
FIRST_ANSWER_S = 5


def trial(seed: int, folder: Path) -> int:
    return kill(ReadyServer(folder), Random(seed), KILLS)


def kill(server: Server, random: Random, kills: int, *bug: str) -> int:
    with at_work(server) as load:
        if bug:
            server.program = ("-m", "tests.faults.mutant", *bug)
        for _ in range(kills):
            # Never between two lulls: on a busy machine people take a while to come back.
            load.await_more()
            time.sleep(random.uniform(0.0, 0.6))
            server.kill()
            server.start()
            assert load.await_more() < within(FIRST_ANSWER_S)
        load.leave()
        check(server, load)
    print(f"R04: {kills} kills, {load.acknowledged} acknowledged, 0 lost")
    return kills


R04 = Row("R04", pr=60, rel=500, unit="kills", trial=trial, batch=KILLS, lanes=2)


def test_r04_no_acknowledged_operation_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    sample(R04, tmp_path)


def test_r04_an_answer_before_the_commit_is_caught(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"lost comments|was told"):
        kill(ReadyServer(tmp_path), Random(1), 3, "early answers")
