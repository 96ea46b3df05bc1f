"""R15, S19: four hundred come back at once after a restart. R16, S20: a fifth of the room never reads. Nobody else notices."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

from tests.client import Client, op
from tests.faults.herd import Herd
from tests.faults.load import STAFF, within
from tests.faults.pulse import queued_s_of
from tests.faults.rows import Row, sample
from tests.server import Server

CROWD, BACK_IN_S = 400, 5
P99_S = 0.25
PEOPLE, ASLEEP, ASKING = 100, 20, 100
P95_S, MOST_MIB = 0.3, 50
REMARKS = 40


def come_back(seed: int, folder: Path) -> None:
    server = Server(folder)
    server.start()
    herd, staff = Herd(server), list[Client]()
    try:
        first = herd.enter(CROWD)
        server.kill()
        server.start()
        begun_s, queued_s = server.cpu_s(), queued_s_of(server.pid)
        again = herd.enter(CROWD)
        worked_s, queued_s = server.cpu_s() - begun_s, queued_s_of(server.pid) - queued_s
        staff += [Client(server.links[role]).connect() for role in STAFF]
        late_s = remark(server, herd, staff, 0.99)
    finally:
        for client in staff:
            client.close()
        herd.close()
        server.kill()
    assert not first["refused"] + again["refused"], again["refused"][:5]
    assert len(again["took_s"]) == CROWD
    # The server's own time too: on a machine that others use, the wall's also says how busy they are.
    assert worked_s < BACK_IN_S, f"{worked_s:.1f} s of work"
    # And the wall's without what the server waited for others' work to end.
    last_s = max(again["took_s"]) - queued_s
    assert last_s < within(BACK_IN_S), f"the last one was back after {last_s:.1f} s"
    assert late_s < within(P99_S), f"p99 of the fan-out {late_s:.3f} s"
    print(
        f"R15: {CROWD} back in {last_s:.1f} s, {worked_s:.1f} s of the server's time; p99 {late_s * 1000:.0f} ms"
    )


def sleep_on(seed: int, folder: Path) -> None:
    server = Server(folder)
    server.start()
    herd, staff = Herd(server), [Client(server.links[role]).connect() for role in STAFF]
    try:
        assert not herd.enter(PEOPLE)["refused"]
        before_s, before_mib = remark(server, herd, staff, 0.95), server.resident_mib()
        herd.order("stop_reading", count=ASLEEP, asking=ASKING)
        rest(server)
        after_s = remark(server, herd, staff, 0.95)
        grown_mib = server.resident_mib() - before_mib
    finally:
        for client in staff:
            client.close()
        herd.close()
        server.kill()
    assert after_s < within(P95_S), f"p95 {before_s:.3f} s before, {after_s:.3f} s with {ASLEEP} asleep"
    assert grown_mib < MOST_MIB, f"{grown_mib:.0f} MiB more"
    print(
        f"R16: p95 {before_s * 1000:.0f} ms, with {ASLEEP} asleep {after_s * 1000:.0f} ms, {grown_mib:+.0f} MiB"
    )


def rest(server: Server) -> None:
    """Until it has sent what it can of what was asked for, and holds the rest."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        before_s = server.cpu_s()
        time.sleep(0.5)
        if server.cpu_s() - before_s < 0.1:
            return
    raise AssertionError("it never came to rest")


def remark(server: Server, herd: Herd, staff: list[Client], share: float) -> float:
    """Staff comments ten times a second; how late at most that share of them came to those who read.

    Without the time for which server and readers were ready and others had the processors.
    """
    queued: list[tuple[float, float]] = []
    for number in range(REMARKS):
        queued.append((time.monotonic(), queued_s_of(server.pid) + queued_s_of(herd.pid)))
        text = f"@{time.monotonic():.6f} " + "Une remarque assez longue. " * 9
        staff[number % len(staff)].send(
            op("comment.post", target={"table": "factors", "id": "F01"}, text=text)
        )
        time.sleep(0.1)
    report = herd.order("late")
    assert report["fewest"] >= REMARKS, "somebody who reads missed some"
    queued.append((time.monotonic(), queued_s_of(server.pid) + queued_s_of(herd.pid)))
    late_s = sorted(late - queued_between(queued, sent, sent + late) for sent, late in report["late_s"])
    return late_s[int(len(late_s) * share)]


def queued_between(queued: list[tuple[float, float]], start: float, end: float) -> float:
    """What was added to a sum that is known at some moments, taken as growing evenly between them."""
    return max(0.0, _at(queued, end) - _at(queued, start))


def _at(known: list[tuple[float, float]], moment: float) -> float:
    for (before, was), (after, then) in pairwise(known):
        if moment <= after:
            return was + (then - was) * max(0.0, moment - before) / (after - before)
    return known[-1][1]


R15 = Row("R15", pr=1, rel=20, unit="restarts", trial=come_back)
R16 = Row("R16", pr=1, rel=10, unit="rooms", trial=sleep_on)


def test_r15_what_was_queued_is_taken_where_it_was() -> None:
    known = [(0.0, 5.0), (1.0, 5.0), (2.0, 5.5), (3.0, 5.5)]
    assert queued_between(known, 0.2, 0.9) == 0
    assert queued_between(known, 1.0, 1.5) == 0.25
    assert queued_between(known, 0.5, 9.0) == 0.5


def test_r15_four_hundred_come_back_at_once(tmp_path: Path) -> None:
    sample(R15, tmp_path)


def test_r16_who_never_reads_slows_nobody(tmp_path: Path) -> None:
    sample(R16, tmp_path)
