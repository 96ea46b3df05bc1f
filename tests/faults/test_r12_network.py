"""R12: slow, lossy, thin, dark and cut roads, all at once on one server; whoever is behind them catches up when they heal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.load import BROKEN, Person, at_work, check, within
from tests.faults.proxy import Proxy
from tests.faults.ready import ReadyServer
from tests.faults.rows import Row, sample

UNIT_S = 20
# Every tenth seed lasts until the darkness has outlived the transport's own patience.
LONG_S = 120
HEALED_IN_S = 10
PATIENCE_S = 20
# So many people are on the measured road: of one person's eighteen operations one may be late by chance.
MEASURED, QUICK_S, ON_MEASURED = "300 ms, 5 %", 3, 7

# One way; `dark_s` and `cut_s`: how long between two dark times or cuts.
ROADS: dict[str, dict[str, Any]] = {
    "150 ms": {"delay_ms": 75, "jitter_ms": 30},
    MEASURED: {"delay_ms": 150, "jitter_ms": 60, "loss": 0.05},
    "300 ms, 20 %": {"delay_ms": 150, "jitter_ms": 60, "loss": 0.2},
    "800 ms, 20 %": {"delay_ms": 400, "jitter_ms": 200, "loss": 0.2},
    "64 kbit": {"kbit": 64},
    "64 kbit, 300 ms": {"kbit": 64, "delay_ms": 150},
    "dark for 5 s": {"dark_s": 5},
    "dark to the end": {"dark_s": 10**6},
    "cut now and then": {"cut_s": 2},
    "cut, 300 ms, 5 %": {"cut_s": 4, "delay_ms": 150, "loss": 0.05},
    "no websocket": {"no_websocket": True},
    "no websocket, 300 ms, 5 %": {"no_websocket": True, "delay_ms": 150, "loss": 0.05},
}
GOOD = {"delay_ms": 0, "jitter_ms": 0, "loss": 0, "kbit": 0, "dark": False}


def trial(seed: int, folder: Path) -> int:
    server, seconds = ReadyServer(folder), LONG_S if seed % 10 == 7 else UNIT_S
    proxy, place = Proxy(server.port, len(ROADS), seed), list(ROADS).index(MEASURED)
    names = [*ROADS, *[MEASURED] * (ON_MEASURED - 1)]
    roads = [*proxy.urls, *[proxy.urls[place]] * (ON_MEASURED - 1)]
    try:
        # One more, on no road at all.
        with at_work(server, writers=len(roads) + 1, pause_s=0.5, roads=roads) as load:
            for writer, name in zip(load.writers, names, strict=False):
                writer.patience_s = writer.entered().patience_s = PATIENCE_S
                if "no_websocket" in ROADS[name]:
                    writer.entered().transports = ["polling", "websocket"]
            misbehave(proxy, Random(seed), seconds)
            healed = time.monotonic()
            for number in range(len(ROADS)):
                proxy.change(number, **GOOD)
            load.rest()
            converge(load.writers, healed + within(HEALED_IN_S))
            took_s = time.monotonic() - healed
            report = [f"{name}: {len(w.acknowledged)}" for name, w in zip(names, load.writers, strict=False)]
            there = [w for w, name in zip(load.writers, names, strict=False) if name == MEASURED]
            measured = [took for writer in there for took in writer.took_s]
            assert len(measured) > len(there) * seconds / 4
            slow = [took for took in measured if took >= within(QUICK_S)]
            assert len(slow) <= len(measured) / 20, f"{MEASURED}: {sorted(measured)[-5:]}"
            assert all(writer.acknowledged for writer in load.writers), report
            load.leave()
            check(server, load)
    finally:
        proxy.close()
    print(f"R12: equal {took_s:.1f} s after healing; acknowledged by road: {', '.join(report)}")
    return len(ROADS) * seconds // UNIT_S


def misbehave(proxy: Proxy, random: Random, seconds: float) -> None:
    """Every road in its own way, until the time is over."""
    steady = {
        name: {k: v for k, v in road.items() if k not in ("dark_s", "cut_s")} for name, road in ROADS.items()
    }
    for number, settings in enumerate(steady.values()):
        proxy.change(number, **settings, cut=True)  # whoever came in before the road got bad comes again
    end, due = time.monotonic() + seconds, dict.fromkeys(ROADS, time.monotonic() + 2)
    is_dark = dict.fromkeys(ROADS, False)
    while time.monotonic() < end:
        for number, (name, road) in enumerate(ROADS.items()):
            if time.monotonic() < due[name]:
                continue
            if "dark_s" in road:
                is_dark[name] = not is_dark[name]
                proxy.change(number, dark=is_dark[name])
                due[name] += road["dark_s"]
            elif "cut_s" in road:
                proxy.change(number, cut=True)
                due[name] += road["cut_s"] * random.uniform(0.5, 1.5)
        time.sleep(0.1)


def converge(people: Sequence[Person], until: float) -> None:
    """Until all see the same board; nobody helps but reconnecting and the heartbeat."""
    while not all(map(is_connected, people)) or len({content(person) for person in people}) > 1:
        assert time.monotonic() < until, [person.entered().replica.head for person in people]
        time.sleep(0.1)


def is_connected(person: Person) -> bool:
    client = person.entered()
    try:
        if client.fallen or client.socket is None:
            client.connect()
    except BROKEN:
        return False
    return True


def content(person: Person) -> str:
    """What a person sees; their tables differ, so only what is for all."""
    replica = person.entered().replica
    return repr([sorted(map(str, replica.all(table))) for table in ("board", "rounds", "comments", "cards")])


R12 = Row("R12", pr=len(ROADS), rel=12 * 60, unit="roads of 20 s", trial=trial, batch=len(ROADS))


def test_r12_everybody_catches_up_when_the_road_heals(tmp_path: Path) -> None:
    sample(R12, tmp_path)
