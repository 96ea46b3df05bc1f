"""The trials: a crowd of growing size, the largest rate, boards of growing size and history, and everybody coming back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench import measure
from tests.bench.generator import Arrival, Generator
from tests.bench.room import Load, Spans, room_of, running, settled_cpu_s
from tests.bench.servers import Palabre, Server
from tests.bench.speech import Comments, Moves
from tests.bench.viewer import Viewer

LIMIT_MS = 250
# Node compiles what runs often: measured cold, it would look twice as dear.
WARM_UP_RATE = 100
FSYNCS = 100
RATE = 20  # operations a second
QUIET_CLIENTS, QUIET_RATE = 50, 10
GROWTH_CLIENTS = 20
RETURNED_CLIENTS, MISSED = 400, 500
MOST_RATE = 20_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """One server with more and more clients: its load at each size, its memory, and how quick it is in a quiet room."""

    loads: dict[int, Load]
    rss_kb: float
    quiet: Load
    fsync_p99_ms: float


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest rate whose p99 stays below the limit."""

    rate: float
    clients: int
    load: Load | None

    @property
    def deliveries_per_s(self) -> float:
        return self.rate * self.clients


@dataclass(frozen=True, slots=True)
class Growth:
    """What things cost on a board of so many cards with so long a history. Units: microseconds of CPU.

    Shape: `catch_up_us` maps how many operations were missed to the cost of a `hello`.
    """

    cards: int
    history: int
    operation_us: float
    join_us: float
    catch_up_us: dict[int, float]
    answers: int
    resets: int


# --- a crowd ---


def crowd(kind: type[Server], sizes: Sequence[int], spans: Spans) -> Crowd:
    with running(kind) as server:
        seats = server.seats(max(*sizes, QUIET_CLIENTS))
        empty_kb, speech = server.rss_kb(), Comments()
        with room_of(server, seats[:QUIET_CLIENTS], spans) as room:
            room.generator.offer(WARM_UP_RATE, spans.warm_up, speech)
            fsyncs = measure.fsyncs_s(server.folder, FSYNCS)
            quiet = room.load(QUIET_RATE, spans.quiet, speech)
            fsyncs += measure.fsyncs_s(server.folder, FSYNCS)
            loads = {}
            for size in sizes:
                room.generator.connect(seats[len(room.generator.viewers) : size])
                loads[size] = room.load(RATE, spans.load, speech, room.idle_share())
            rss_kb = (server.rss_kb() - empty_kb) / len(room.generator.viewers)
    return Crowd(loads, rss_kb, quiet, measure.percentile(sorted(fsyncs), 0.99) * 1e3)


# --- the largest rate ---


def peak(kind: type[Server], clients: int, spans: Spans, steps: int, tries: int) -> Peak:
    """Double or halve the rate until the limit lies between two, then close in; each time on a fresh server."""
    best, fails, rate = Peak(0, clients, None), math.inf, float(kind.likely_peak)
    while 1 < rate < MOST_RATE:
        found = _at_rate(kind, clients, rate, spans, tries)
        if found.p99_ms < LIMIT_MS:
            best = Peak(found.rate, clients, found)
        else:
            fails = rate
        if best.rate and math.isfinite(fails):
            steps -= 1
            if steps < 0:
                break
        rate = _next_rate(best.rate, fails)
    return best if best.load else Peak(0, clients, found)


def _next_rate(holds: float, fails: float) -> float:
    if math.isinf(fails):
        return holds * 2
    return math.sqrt(holds * fails) if holds else fails / 2


def _at_rate(kind: type[Server], clients: int, rate: float, spans: Spans, tries: int) -> Load:
    """The load at a rate; when it does not hold once more, for a neighbour on the machine is no reason to give up."""
    for _ in range(tries):
        with running(kind) as server, room_of(server, server.speakers(clients), spans) as room:
            room.generator.offer(WARM_UP_RATE, spans.warm_up, Comments())
            found = room.load(rate, spans.peak, Comments())
        if found.p99_ms < LIMIT_MS:
            break
    return found


# --- boards of every size ---


def growth(cards: int, history: int, spans: Spans, repeats: int, times: int) -> Growth:
    """The cost of moving a card, of coming, and of coming back after having missed nothing, a little, an hour."""
    with running(Palabre, cards, history) as server:
        seats = server.seats(GROWTH_CLIENTS, speakers="facilitator")
        speech = Moves(cards)
        with room_of(server, seats, spans) as room:
            room.generator.offer(RATE, spans.warm_up, speech)
            idle = room.idle_share()
            moves = [room.load(RATE, spans.load, speech, idle) for _ in range(repeats)]
        with room_of(server, seats[:1], spans) as room:
            generator = room.generator
            # Several times: what the server does now and then, and the collector, must not be taken for the board's size.
            joins = [_cost(server, times, lambda: generator.connect(seats[:1])) for _ in range(repeats)]
            asker = generator.viewers[0]
            hellos = {}
            for missed in (0, MISSED // 10, MISSED):
                asker.news = 0
                head = asker.head - missed
                hellos[missed] = _cost(server, times, lambda head=head: _ask_again(generator, asker, head))
    return Growth(
        cards,
        history,
        measure.median([one.us_per_operation for one in moves]),
        measure.median(joins),
        hellos,
        answers=asker.news // times,
        resets=asker.resets - 1,
    )


def _cost(server: Server, times: int, act: Callable[[], object]) -> float:
    """Server CPU of one act, over so many."""
    act()
    before = settled_cpu_s(server)
    for _ in range(times):
        act()
    return (settled_cpu_s(server) - before) / times * 1e6


def _ask_again(generator: Generator, viewer: Viewer, head: int) -> None:
    """Say `hello` with an older head, as after an absence, and wait for what is missing."""
    viewer.live, viewer.head = False, head
    viewer.dialect.greet(viewer)
    while not viewer.live:
        generator.listen(1)


def herd(cards: int, history: int) -> Arrival:
    """The service is killed and started again; everybody who was there comes back at the same moment."""
    with running(Palabre, cards, history) as server:
        seats = server.seats(RETURNED_CLIENTS)
        before = Generator(server.port, server.dialect)
        head = before.connect(seats[:1])[0].head
        before.close()
        server.kill()
        server.start()
        after = Generator(server.port, server.dialect)
        try:
            return after.arrive(seats, len(seats), head)
        finally:
            after.close()
