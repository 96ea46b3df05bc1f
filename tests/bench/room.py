"""One server with viewers in it: started on a core of its own, put under load in a calm moment, measured, and taken away."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import measure
from tests.bench.generator import Generator
from tests.bench.servers import OWN_CORE, SERVER_CORE, Server
from tests.bench.speech import Speech
from tests.bench.viewer import Seat

# Somebody else's share of our cores above which a figure is taken again.
DISTURBED, TRIES = 0.1, 2
SETTLE_S = 0.1


@dataclass(frozen=True, slots=True)
class Spans:
    """How long each stretch lasts. Units: seconds; `calm` is how long we wait at most until others on the machine are quiet."""

    warm_up: float
    idle: float
    load: float
    quiet: float
    peak: float
    calm: float


@dataclass(frozen=True, slots=True)
class Load:
    """A server under an even load. Units: CPU in microseconds of the server process, idle baseline taken off.

    Shape: `rate` is what was really offered and taken a second; `own_share` is the load generator's of its core,
           `others_share` that of everybody else of both.
    """

    rate: float
    us_per_delivery: float
    us_per_operation: float
    p50_ms: float
    p99_ms: float
    bytes_per_delivery: float
    operations_per_frame: float
    own_share: float
    others_share: float


@contextmanager
def running(kind: type[Server], cards: int = 0, history: int = 0) -> Iterator[Server]:
    """A fresh server of a kind, in a folder of its own on a real disk; both are gone afterwards."""
    # Not /tmp, which may be memory, where an fsync costs nothing.
    disk = "/var/tmp" if Path("/var/tmp").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="palabre-bench-", dir=disk) as folder:
        server = kind(Path(folder))
        try:
            server.seed(cards, history)
            server.start()
            yield server
        finally:
            server.kill()


@dataclass(slots=True)
class Room:
    """One server and its viewers."""

    server: Server
    generator: Generator
    spans: Spans

    def idle_share(self) -> float:
        """What the server uses of its core while its clients are silent."""
        began, before = time.monotonic(), settled_cpu_s(self.server)
        self.generator.idle(self.spans.idle)
        return (settled_cpu_s(self.server) - before) / (time.monotonic() - began)

    def load(self, rate: float, seconds: float, speech: Speech, idle: float = 0) -> Load:
        """Offer a load; again while others disturb it, and then the least disturbed of a few."""
        tried: list[Load] = []
        self._wait_for_calm()
        for _ in range(TRIES if self.spans.calm else 1):
            tried.append(self._load(rate, seconds, speech, idle))
            if tried[-1].others_share <= DISTURBED or not self._wait_for_calm():
                break
        return min(tried, key=lambda one: one.others_share)

    def _load(self, rate: float, seconds: float, speech: Speech, idle: float) -> Load:
        server, generator = self.server, self.generator
        generator.wait_until_may_speak(round(rate * seconds))
        others, before = measure.Others([*SERVER_CORE, *OWN_CORE], server.pid), settled_cpu_s(server)
        offered = generator.offer(rate, seconds, speech)
        used_us = (settled_cpu_s(server) - before - idle * offered.seconds) * 1e6
        delays = offered.delays()
        # Thinned out evenly, so what is missing is thinned out likewise.
        expected = round(len(delays) * max(1, offered.expected / max(1, offered.delivered)))
        accepted = offered.sent - offered.refused
        return Load(
            accepted / offered.sending_s,
            used_us / max(1, offered.delivered),
            used_us / max(1, accepted),
            measure.percentile(delays, 0.5, expected) * 1e3,
            measure.percentile(delays, 0.99, expected) * 1e3,
            offered.bytes / max(1, offered.delivered),
            offered.delivered / max(1, sum(len(heard.arrivals) for heard in offered.news)),
            offered.own_share,
            others.share(),
        )

    def _wait_for_calm(self) -> bool:
        """Until nobody else uses our cores, or we have waited long enough; then False."""
        until = time.monotonic() + self.spans.calm
        while time.monotonic() < until:
            others = measure.Others([*SERVER_CORE, *OWN_CORE], self.server.pid)
            self.generator.idle(0.3)
            if others.share() < DISTURBED:
                return True
        return False


def settled_cpu_s(server: Server) -> float:
    """The kernel books a process's time when it sleeps: let it finish first."""
    time.sleep(SETTLE_S)
    return server.cpu_s()


@contextmanager
def room_of(server: Server, seats: Sequence[Seat | None], spans: Spans) -> Iterator[Room]:
    """A server with viewers in these seats."""
    generator = Generator(server.port, server.dialect)
    try:
        generator.connect(seats)
        yield Room(server, generator, spans)
    finally:
        generator.close()
