"""One seed from beginning to end, on the model or on the real core, with a bug planted or without."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

from tests.faults.core import Core, RealCore, chance_from
from tests.faults.planted import Bug
from tests.faults.room import SEATS

NO_BUG = Bug("none", "", 0)
STEPS = (150, 300, 450)


def run_model(seed: int, bug: Bug = NO_BUG) -> Counter[str]:
    """R01's seed. Returns how often what happened. Raises: AssertionError."""
    random = Random(seed)
    return _run(bug.model(random, SEATS), random, bug)


def run_server(seed: int, folder: Path, bug: Bug = NO_BUG) -> Counter[str]:
    """R02's seed, in an empty folder. Raises: AssertionError."""
    random = Random(seed)
    with chance_from(random), bug.planted():
        core = RealCore(folder, random, SEATS)
        try:
            return _run(core, random, bug)
        finally:
            core.close()


def _run(core: Core, random: Random, bug: Bug) -> Counter[str]:
    room = bug.room(bug.around(core), random, replica=bug.replica)
    room.run(random.choice(STEPS))
    return room.oracle.seen
