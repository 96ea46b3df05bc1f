"""The fault table as code: what a row is, how the check samples it, and where its failures are written down.

To add a row, write `tests/faults/test_r04_kill.py` (its name begins with test_r and the number) with

    ROW = Row("R04", pr=60, rel=500, unit="kills", trial=trial)

    def test_r04_nothing_acknowledged_is_lost(tmp_path):
        sample(ROW, tmp_path)

where `trial(seed, folder)` does one trial in an empty folder of its own: all chance from `Random(seed)`, an AssertionError
when what must hold does not, `NotRun(reason)` when this machine cannot do it, and nothing left running. A trial that is a
batch (fifteen kills of one server, four hundred seeds) returns how many it did, and its row says about how many; nothing
returned counts as one. What waits more than it computes has two `lanes`: trials side by side (`lanes.py`); what measures how
long something takes has one. Several rows may share a file. `make check` does `pr` of them, `make faults`
(tests/faults/__main__.py) finds the row by itself and goes on until `rel`. A seed that failed is kept in the ledger and tried
first until it passes: write it into `pinned.txt`, with a name and the reason.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import time
import types
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from tests.faults import lanes
from tests.not_run import NotRun

HERE = Path(__file__).parent
LEDGER = HERE.parents[1] / "var" / "faults.json"
SEED = "PALABRE_FAULT_SEED"
SEEDS_A_DAY = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the fault table.

    Shape: `pr` and `rel` are how many `unit`s the check's slice and a release need, `batch` about how many a trial does.
    """

    id: str
    pr: int
    rel: int
    unit: str
    trial: Callable[[int, Path], int | None]
    batch: int = 1
    lanes: int = 1

    def try_seeds(self, seeds: Sequence[int], folder: Path) -> Generator[tuple[int, Outcome], None, None]:
        """Each seed and what came of it, as it comes: how many units, or why not."""
        if self.lanes == 1 or len(seeds) == 1:
            for seed in seeds:
                yield seed, self._outcome(seed, folder / f"{self.id}-{seed}")
            return
        orders = [
            lanes.order_for(self.trial.__module__, self.id, seed, folder / f"{self.id}-{seed}")
            for seed in seeds
        ]
        for order, report in lanes.abreast(orders, self.lanes):
            print(report.get("said", ""), end="")
            yield order["seed"], _read(report)

    def _outcome(self, seed: int, folder: Path) -> Outcome:
        try:
            return self.try_seed(seed, folder)
        except (AssertionError, NotRun) as error:
            return error

    def try_seed(self, seed: int, folder: Path) -> int:
        """One trial in a folder of its own; returns how many units it did.

        Raises: AssertionError naming row and seed; NotRun.
        """
        folder.mkdir(parents=True)
        try:
            done = self.trial(seed, folder)
        except NotRun:
            raise
        except Exception as error:
            again = f"{SEED}={seed} .venv/bin/python -m pytest tests/faults -k {self.id.lower()}"
            raise AssertionError(f"{self.id}, seed {seed}: {error!r}\nAgain: {again}") from error
        done = 1 if done is None else done
        assert done > 0, f"{self.id}, seed {seed}: a trial that did nothing"
        return done


Outcome = int | AssertionError | NotRun


def _read(report: lanes.Report) -> Outcome:
    """What a lane told."""
    if "not_run" in report:
        return NotRun(report["not_run"])
    return AssertionError(report["failed"]) if "failed" in report else report["done"]


def first_seed() -> int:
    """Where the check's seeds begin: other ones every day, or what the environment says."""
    today = int(time.time()) // 86_400
    return int(os.environ.get(SEED, today * SEEDS_A_DAY))


def sample(row: Row, folder: Path) -> None:
    """The check's slice of a row: `pr` units from today's first seed on; skips the test when the machine cannot."""
    first = end = first_seed()
    done, started = 0, time.monotonic()
    try:
        while done < row.pr:
            seeds = range(end, end + math.ceil((row.pr - done) / row.batch))
            end = seeds.stop
            with closing(row.try_seeds(seeds, folder)) as outcomes:
                for seed, outcome in outcomes:
                    if isinstance(outcome, AssertionError):
                        with Ledger.open(LEDGER) as ledger:
                            ledger.of(row).failed[str(seed)] = str(outcome)
                        raise outcome
                    if isinstance(outcome, NotRun):
                        pytest.skip(f"{row.id} not run: {outcome}")
                    done += outcome
                    if done >= row.pr:
                        break
    finally:
        took_s = time.monotonic() - started
        print(f"{row.id}: {done} / {row.pr} {row.unit}, seeds {first} to {end - 1}, {took_s:.0f} s")


@dataclass(slots=True)
class Account:
    """What was done for a row so far. `failed` is seed -> message, `mended` the seeds that failed and pass now."""

    done: int = 0
    next_seed: int = 1
    failed: dict[str, str] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)


class Ledger:
    """Row id -> account, in a file that is whole after every trial. A release begins with a fresh one: remove the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.accounts = {row_id: Account(**account) for row_id, account in kept.items()}

    def of(self, row: Row) -> Account:
        return self.accounts.setdefault(row.id, Account())

    def save(self) -> None:
        self.path.parent.mkdir(exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({key: asdict(account) for key, account in self.accounts.items()}, indent=1))
        new.replace(self.path)

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Ledger]:
        ledger = cls(path)
        yield ledger
        ledger.save()


@dataclass(frozen=True, slots=True)
class Found:
    """A row and the pytest node that samples it, by which tests/not_run.txt excuses it."""

    row: Row
    node: str


def all_rows() -> list[Found]:
    """Every row of the folder, by its id. Raises: AssertionError for a row that no test samples, or two of one id."""
    found: dict[str, Found] = {}
    for path in sorted(HERE.glob("test_r[0-9]*.py")):
        module = importlib.import_module(f"tests.faults.{path.stem}")
        for row in [value for value in vars(module).values() if isinstance(value, Row)]:
            assert row.id not in found, f"two rows {row.id}"
            found[row.id] = Found(row, f"tests/faults/{path.name}::{_test_of(module, row)}")
    return [found[row_id] for row_id in sorted(found)]


def _test_of(module: types.ModuleType, row: Row) -> str:
    beginning = f"test_{row.id.lower()}_"
    names = [name for name in vars(module) if name.startswith(beginning)]
    assert names, f"no {beginning}... in {module.__name__}"
    return names[0]
