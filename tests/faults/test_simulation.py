"""R02: the real server core under a bad link. R03: the same harness must catch planted bugs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.simulation import Faults, Simulation

SEEDS = int(os.environ.get("PALABRE_SEEDS", "40"))
FIRST = int(os.environ.get("PALABRE_FIRST_SEED", "1"))


def run(folder: Path, seed: int, faults: Faults | None = None, steps: int = 900) -> int:
    folder.mkdir()
    simulation = Simulation(folder, seed, faults)
    try:
        for _ in range(steps):
            simulation.step()
        simulation.heal()
        simulation.check()
        return len(simulation.door.state["cards"])
    finally:
        simulation.door.database.close()


def test_r02_browsers_over_a_bad_link_end_with_equal_boards(tmp_path: Path) -> None:
    cards = 0
    for seed in range(FIRST, FIRST + SEEDS):
        try:
            cards += run(tmp_path / str(seed), seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    # Boards on which nothing happens would agree too.
    assert cards > SEEDS


@pytest.mark.parametrize("planted", ["no dedupe", "gap ignored", "audience ignored", "lost acknowledgement"])
def test_r03_a_planted_bug_is_caught(tmp_path: Path, planted: str) -> None:
    caught = 0
    for seed in range(1, 9):
        try:
            run(tmp_path / str(seed), seed, Faults(planted=planted))
        except (AssertionError, KeyError):  # a replica that was told of what it never had
            caught += 1
    assert caught > 0
