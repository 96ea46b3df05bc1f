"""`python -m tests.bench [--quick] [crowd] [peak] [growth] [herd] [exports]`: runs the trials in turn, prints what they found."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from tests.bench import trials
from tests.bench.files import files
from tests.bench.room import Spans
from tests.bench.servers import OWN_CORE, SERVER_CORE, FloorRelay, NodeRelay, Palabre, Server, StockRelay
from tests.bench.table import Results, show
from tools import node_packages

PARTS = ("crowd", "peak", "growth", "herd", "exports")
PEAK_CLIENTS = 200
# Enough history that somebody can have missed 500 operations.
CARDS, HISTORY = 250, 600
EXPORTED_CARDS = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How thorough a run is. Shape: `peak_steps` halve the doubt about the largest rate, `times` are connections."""

    spans: Spans
    repeats: int
    servers: tuple[type[Server], ...]
    at_peak: tuple[type[Server], ...]
    sizes: tuple[int, ...]
    peak_steps: int
    peak_tries: int
    cards: tuple[int, ...]
    histories: tuple[int, ...]
    times: int


# A seat may send sixty operations at once and then two a second (S16): 200 seats have enough to say for so long and no longer.
PEAK_S = 2.4

FULL = Plan(
    spans=Spans(warm_up=2, idle=5, load=8, quiet=15, peak=PEAK_S, calm=10),
    repeats=3,
    servers=(NodeRelay, StockRelay, FloorRelay, Palabre),
    at_peak=(NodeRelay, FloorRelay, Palabre),
    sizes=(50, 200, 800),
    peak_steps=2,
    peak_tries=2,
    cards=(100, 1_000, 10_000),
    histories=(1_000, 10_000, 50_000),
    times=20,
)
QUICK = Plan(
    spans=Spans(warm_up=0.7, idle=0.5, load=1.5, quiet=1, peak=1.5, calm=0),
    repeats=1,
    servers=(NodeRelay, FloorRelay, Palabre),
    at_peak=(NodeRelay, Palabre),
    sizes=(200,),
    peak_steps=0,
    peak_tries=1,
    cards=(100, 10_000),
    histories=(),
    times=5,
)


def main() -> None:
    asked = _arguments()
    plan = QUICK if asked.quick else FULL
    if asked.repeats:
        plan = replace(plan, repeats=asked.repeats)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that every server is ended on the way out
    _allow_many_sockets()
    os.sched_setaffinity(0, OWN_CORE)
    gc.disable()  # nothing here goes in circles, and a collection would be taken for a delay
    began = time.monotonic()
    results = Results()
    try:
        _run(plan, asked.parts or PARTS, results)
    finally:
        print(_about(plan, time.monotonic() - began))
        show(results)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="under a minute: one repeat, 200 clients, no stock"
    )
    parser.add_argument("--repeats", type=int, metavar="N", help="how often each server is measured (3)")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all when none is named"
    )
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return asked


def _allow_many_sockets() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _run(plan: Plan, parts: tuple[str, ...], results: Results) -> None:
    here = [kind for kind in plan.servers if kind is not NodeRelay or _has_node_relay()]
    for repeat in range(1, plan.repeats + 1):
        for kind in here:
            if "crowd" in parts:
                _say(f"{repeat}/{plan.repeats} crowd: {kind.name}")
                found = trials.crowd(kind, plan.sizes, plan.spans)
                results.crowds.setdefault(kind.name, []).append(found)
            if "peak" in parts and kind in plan.at_peak:
                _say(f"{repeat}/{plan.repeats} largest rate: {kind.name}")
                most = trials.peak(kind, PEAK_CLIENTS, plan.spans, plan.peak_steps, plan.peak_tries)
                results.peaks.setdefault(kind.name, []).append(most)
    if "growth" in parts:
        for cards in plan.cards:
            _say(f"a board of {cards} cards")
            results.by_cards.append(trials.growth(cards, HISTORY, plan.spans, plan.repeats, plan.times))
        for history in plan.histories:
            _say(f"a history of {history} operations")
            results.by_history.append(trials.growth(CARDS, history, plan.spans, plan.repeats, plan.times))
    if "herd" in parts:
        _say("everybody back at once")
        results.herd = trials.herd(CARDS, HISTORY)
    if "exports" in parts:
        _say(f"the files of a board of {EXPORTED_CARDS} cards")
        results.files = files(EXPORTED_CARDS)


def _has_node_relay() -> bool:
    """Whether Node's relay can run; its packages are installed when they are not yet."""
    if node_packages.has_node():
        with suppress(SystemExit):
            node_packages.install()
            return True
    print("Node's relay: not run (it needs Node.js 20 or newer, npm, and its packages)")
    return False


def _say(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)
    else:
        print(what, file=sys.stderr, flush=True)


def _about(plan: Plan, seconds: float) -> str:
    return (
        f"\nPalabre bench: {plan.repeats} repeat(s), median; {seconds:.0f} s; Python {platform.python_version()}, "
        f"Linux {platform.release()}; server on core {min(SERVER_CORE)}, load on core {min(OWN_CORE)}, "
        f"load average {os.getloadavg()[0]:.1f}\n"
    )


if __name__ == "__main__":
    main()
