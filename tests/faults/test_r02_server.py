"""R02: the real server core under a bad link. R03: the same harness must catch planted bugs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.rows import Row, sample
from tests.faults.simulation import Faults, Simulation


def run(folder: Path, seed: int, faults: Faults | None = None, steps: int = 900) -> int:
    simulation = Simulation(folder, seed, faults)
    try:
        for _ in range(steps):
            simulation.step()
        simulation.heal()
        simulation.check()
        return len(simulation.door.state["cards"])
    finally:
        simulation.door.database.close()


def trial(seed: int, folder: Path) -> None:
    run(folder, seed)


R02 = Row("R02", pr=40, rel=20_000, unit="seeds", trial=trial)


@pytest.mark.timeout(600)
def test_r02_browsers_over_a_bad_link_end_with_equal_boards(tmp_path: Path) -> None:
    sample(R02, tmp_path)


@pytest.mark.parametrize("planted", ["no dedupe", "gap ignored", "audience ignored", "lost acknowledgement"])
def test_r03_a_planted_bug_is_caught(tmp_path: Path, planted: str) -> None:
    caught = 0
    for seed in range(1, 9):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            run(folder, seed, Faults(planted=planted))
        except (AssertionError, KeyError):  # a replica that was told of what it never had
            caught += 1
    assert caught > 0
