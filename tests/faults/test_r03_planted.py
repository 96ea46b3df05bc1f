"""R03: the test of the tests. Every planted bug is caught, by the check that is there for it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.faults.planted import BUGS, Bug
from tests.faults.rows import Row, sample
from tests.faults.seeds import run_model, run_server


def caught_after(bug: Bug, first: int, folder: Path) -> int:
    """How many seeds it took. Raises: AssertionError when the bug was not caught, or by another check than its own."""
    for seeds in range(1, bug.seeds + 1):
        place = folder / str(seeds)
        place.mkdir()
        try:
            if bug.plan:
                run_server(first + seeds, place, bug)
            else:
                run_model(first + seeds, bug)
        except AssertionError as error:
            assert re.search(bug.finds, str(error)), f"{bug.name}: found by another check: {error}"
            return seeds
    raise AssertionError(f"{bug.name}: not caught in {bug.seeds} seeds")


def trial(seed: int, folder: Path) -> int:
    for number, bug in enumerate(BUGS):
        place = folder / str(number)
        place.mkdir()
        print(f"{bug.name}: caught after {caught_after(bug, 1000 * seed, place)} seeds")
    return len(BUGS)


R03 = Row("R03", pr=len(BUGS), rel=10 * len(BUGS), unit="planted bugs", trial=trial, batch=len(BUGS))


def test_r03_every_planted_bug_is_caught(tmp_path: Path) -> None:
    sample(R03, tmp_path)
