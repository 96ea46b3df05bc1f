"""Trials of one row side by side, each in a process of its own (`lane.py`): most of them wait more than they compute.

A lane lives as long as the tests do and has a PostgreSQL and a Redis of its own, so that a trial may stop them.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.server import ROOT

Order = dict[str, Any]
Report = dict[str, Any]
# A trial that was told to end puts its servers away first.
END_S = 30


class Lane:
    """One process, asked for one trial after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.lane"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def order(self, order: Order) -> Report:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"failed": "its process has died"}

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()


_lanes: list[Lane] = []


def abreast(orders: Sequence[Order], count: int) -> Iterator[tuple[Order, Report]]:
    """The reports, in the order in which they come. Who stops listening spares the trials that have not begun."""
    while len(_lanes) < count:
        _lanes.append(Lane())
    free: SimpleQueue[Lane] = SimpleQueue()
    for lane in _lanes[:count]:
        free.put(lane)

    def give(order: Order) -> tuple[Order, Report]:
        lane = free.get()
        try:
            return order, lane.order(order)
        finally:
            free.put(lane)

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(give, order) for order in orders]
        try:
            for future in as_completed(futures):
                yield future.result()
        except GeneratorExit:
            raise
        except BaseException:  # a hang, or Ctrl+C: nobody waits for what is under way
            while _lanes:
                _lanes.pop().close()
            raise
        finally:
            for future in futures:
                future.cancel()


def order_for(module: str, row: str, seed: int, folder: Path) -> Order:
    return {"module": module, "row": row, "seed": seed, "folder": str(folder)}
