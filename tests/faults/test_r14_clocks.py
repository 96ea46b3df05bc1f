"""R14: the server's wall clock is hours off and jumps, running and across a restart; the countdown stays right and closes once.

A phone's wrong clock is in tests/browser/test_clock.py.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.client import Client
from tests.faults.pulse import queued_s_of
from tests.faults.rows import Row, sample
from tests.not_run import NotRun
from tests.server import Server
from tools import debian

HOURS_S = 2 * 3600
ROUND = "B1"
# A restart knows how much was left when the server was last seen alive, at most so long before it died.
ALIVE_S = 5
MINUTES = 10
LAST_S, GRACE_S = 2, 2
CLOCKS = 4  # of one server


def trial(seed: int, folder: Path) -> int:
    random, wall = Random(seed), Wall(folder / "faketime")
    wall.jump(random.uniform(-HOURS_S, HOURS_S))
    wall.at_start_s = wall.offset_s
    server = Server(folder, environment=wall.environment)
    server.start()
    try:
        people = [Client(link).connect() for link in server.links["participants"][:5]]
        room = Countdown(server)
        for number in range(CLOCKS):
            room.begin("reopen" if number else "start")
            one_clock(server, room, wall, random)
        for person in people:
            person.close()
        room.facilitator.close()
        server.stop()
        assert closings(server.data / "palabre.db") == CLOCKS
    finally:
        server.kill()
    return CLOCKS


def one_clock(server: Server, room: Countdown, wall: Wall, random: Random) -> None:
    """A round under a wall clock that jumps: while it runs, across a restart, and at its end."""
    queued_s = queued_s_of(server.pid)
    for jump_s in (random.uniform(-HOURS_S, HOURS_S), random.uniform(-60, 60)):
        before_s = room.left_s()
        wall.jump(jump_s)
        time.sleep(0.3)
        assert abs(room.left_s() - before_s) < 1, "a jump moved the countdown"
    before_s = room.left_s()
    # A server that waits for a processor is late to say that it lives.
    queued_s = queued_s_of(server.pid) - queued_s
    server.kill()
    died_s = room.since_start_s()
    # A server follows no jump while it runs: what it finds wrong is how far it is from where it stood when it began.
    wall.jump(wall.at_start_s + random.choice((-1, 1)) * random.uniform(60, HOURS_S))
    wall.at_start_s = wall.offset_s
    server.start()
    room.come_back()
    found = room.round
    assert (found["state"], found["pause_reason"]) == ("paused", "outage"), found
    kept_s = found["left_ms"] / 1000 + died_s
    assert before_s - 1 < kept_s < before_s + ALIVE_S + 1 + queued_s, (before_s, kept_s, queued_s)
    room.facilitator.command("resume", ROUND)
    room.close_soon(wall, random)


class Wall:
    """A wall clock that other processes take for theirs. The monotonic clock stays what it is, as on a real machine."""

    def __init__(self, file: Path) -> None:
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not found and debian.has("faketime"):
            found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not found:
            raise NotRun("faketime is not installed")
        self._file = file
        self.offset_s = self.at_start_s = 0.0
        self.environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, offset_s: float) -> None:
        self.offset_s = offset_s
        self._file.write_text(f"{offset_s:+.3f}\n")


class Countdown:
    """The round's countdown as a browser works it out: the server's clock, carried on by our own monotonic one."""

    def __init__(self, server: Server) -> None:
        self.facilitator = Client(server.links["facilitator"]).connect()
        self._started = 0.0

    def begin(self, verb: str) -> None:
        self.facilitator.command(verb, ROUND, **({"minutes": MINUTES} if verb == "reopen" else {}))
        self._started = time.monotonic()

    @property
    def round(self) -> dict[str, Any]:
        return self.facilitator.round(ROUND)

    def since_start_s(self) -> float:
        return time.monotonic() - self._started

    def left_s(self) -> float:
        """What is left, as it was when the round was started: a constant while the countdown is right."""
        return (self.round["ends_at_ms"] - self.now_ms()) / 1000 + self.since_start_s()

    def now_ms(self) -> int:
        assert self.facilitator.socket
        return self.facilitator.socket.call("clock", {}, timeout=20)["now"]

    def come_back(self) -> None:
        self.facilitator.close()
        self.facilitator.connect()

    def close_soon(self, wall: Wall, random: Random) -> None:
        """The clock reaches zero while the wall clock jumps; not before, and once."""
        end = self.now_ms() + LAST_S * 1000
        started = time.monotonic()
        self.facilitator.command("extend", ROUND, ends_at_ms=end)
        wall.jump(random.uniform(-HOURS_S, HOURS_S))
        self.facilitator.wait(lambda: self.round["state"] == "closed", 60)
        assert time.monotonic() - started > LAST_S + GRACE_S - 1, "closed early"
        time.sleep(1)


def closings(path: Path) -> int:
    with sqlite3.connect(path) as database:
        return database.execute("SELECT count(*) FROM log WHERE kind = 'round.close'").fetchone()[0]


R14 = Row("R14", pr=20, rel=200, unit="clocks", trial=trial, batch=CLOCKS, lanes=5)


def test_r14_x03_the_countdown_is_right_whatever_the_wall_clock_says(tmp_path: Path) -> None:
    sample(R14, tmp_path)
