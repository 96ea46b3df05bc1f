"""How much processor time counting takes: `python -m tests.bench.counting [ballots] [targets]`, intervals included."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

from app.domain.counting import METHODS
from app.domain.counting.tally import tally
from app.domain.operations import Ballot

BALLOTS, TARGETS = 400, 100
POINTS = {"points": 100, "choose": 10, "rank": 20, "quadratic": 200}

# method -> what one voter says, given the targets and chance
Voter = Callable[[list[str], Random], dict[str, Any]]
VOTERS: dict[str, Voter] = {
    "points": lambda targets, chance: {t: chance.randint(1, 3) for t in chance.sample(targets, 30)},
    "approval": lambda targets, chance: {t: True for t in targets if chance.random() < 0.4},
    "choose": lambda targets, chance: dict.fromkeys(chance.sample(targets, 10), True),
    "rank": lambda targets, chance: {t: n for n, t in enumerate(chance.sample(targets, 20), 1)},
    "score_1_5": lambda targets, chance: {t: chance.randint(1, 5) for t in targets if chance.random() < 0.9},
    "criteria_1_5": lambda targets, chance: {
        t: {"impact": chance.randint(1, 5), "feasibility": chance.randint(1, 5)} for t in targets
    },
    "consent": lambda targets, chance: {t: chance.choice(["agree", "reserve", "opposed"]) for t in targets},
    "hundred": lambda targets, chance: dict.fromkeys(chance.sample(targets, 20), 5),
    "quadratic": lambda targets, chance: {t: chance.randint(1, 3) for t in chance.sample(targets, 20)},
}


def a_vote(method: str, ballots: int, targets: int) -> tuple[dict[str, Any], list[Ballot]]:
    """A round on one list and what people said, the same each time."""
    chance = Random(1)
    ids = [f"t{number}" for number in range(targets)]
    round_ = {
        "id": "V",
        "epoch": 1,
        "method": method,
        "targets": "chosen",
        "points": POINTS.get(method, 0),
        "cap": 0,
        "roster": ballots,
        "ballot": [{"table": "clusters", "id": one, "factor": "F01"} for one in ids],
    }
    return round_, [
        Ballot(VOTERS[method](ids, chance), chance.choice(["internal", "external"])) for _ in range(ballots)
    ]


def cpu_seconds(method: str, ballots: int, targets: int) -> float:
    round_, cast = a_vote(method, ballots, targets)
    start = time.process_time()
    tally(round_, cast)
    return time.process_time() - start


if __name__ == "__main__":
    ballots, targets = map(int, sys.argv[1:3]) if len(sys.argv) == 3 else (BALLOTS, TARGETS)
    for method in METHODS:
        seconds = cpu_seconds(method, ballots, targets)
        print(f"{method:14} {seconds:.2f} s of CPU for {ballots} ballots on {targets} targets")
