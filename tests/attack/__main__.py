"""`make attack`: how often a director with admin rights names the right person, above chance, by every channel we could think of.

The best channel of each row is chosen on workshops of its own and measured on others, so that luck among many is not skill.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.attack.guesses import CARDS, VOTES
from tests.attack.simulated import Workshop, voted, written

TRAINING = 6
Z = 1.645  # one-sided 95 %


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Units: `people` in the workshop, `most` the success that the threats file allows, None: 2 points."""

    rule: str
    people: int
    workshops: int
    make: Callable[[int, int], Workshop]
    most: float | None = None


ROWS = (
    Row("sealed, whole room", 12, 60, lambda seed, n: written(seed, n, "post")),
    Row("sealed, whole room", 40, 30, lambda seed, n: written(seed, n, "post")),
    Row("sealed, tables of eight", 16, 50, lambda seed, n: written(seed, n, "tables")),
    Row("every 15 s and >= 5 authors", 12, 40, lambda seed, n: written(seed, n, "carousel"), 0.19),
    Row("every 15 s and >= 5 authors", 40, 25, lambda seed, n: written(seed, n, "carousel"), 0.13),
    Row("every 15 s and >= 5 authors", 400, 3, lambda seed, n: written(seed, n, "carousel"), 0.02),
    Row("ballots", 12, 200, lambda seed, n: voted(seed, n)),
    Row("ballots", 40, 120, lambda seed, n: voted(seed, n)),
)


@dataclass(slots=True)
class Score:
    """Attributions of one channel. `chance` sums what drawing from the anonymity set would give."""

    tries: int = 0
    hits: int = 0
    chance: float = 0.0
    sizes: int = 0

    @property
    def above(self) -> float:
        return (self.hits - self.chance) / self.tries

    @property
    def success(self) -> float:
        return self.hits / self.tries

    @property
    def bound(self) -> float:
        """The upper end of the one-sided 95 % interval (Wilson) of the success, less chance."""
        n, p = self.tries, self.success
        middle = p + Z * Z / (2 * n)
        width = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (middle + width) / (1 + Z * Z / n) - self.chance / n

    def add(self, hit: bool, chance: float, size: int) -> None:
        self.tries += 1
        self.hits += hit
        self.chance += chance
        self.sizes += size


def attack(workshops: Sequence[Workshop]) -> dict[str, Score]:
    """Every channel on these workshops."""
    scores: dict[str, Score] = {}
    for n, workshop in enumerate(workshops):
        for name, channel in (VOTES if workshop.votes else CARDS).items():
            score = scores.setdefault(name, Score())
            judge(workshop, channel(workshop.seen, Random(n)), score)
    return {name: score for name, score in scores.items() if score.tries}


def judge(workshop: Workshop, guessed: dict[str, str], score: Score) -> None:
    seen = workshop.seen
    for thing, person in guessed.items():
        if workshop.votes:
            able = set(workshop.votes)
            true = {who for who, choices in workshop.votes.items() if thing in choices}
        else:
            able, true = seen.able[thing], {workshop.authors[thing]}
        score.add(person in true, len(true) / len(able), len(able))


def measured(row: Row) -> tuple[str, Score]:
    """The channel that was best in training, and what it reaches on workshops it has not seen."""
    training = attack([row.make(1000 + seed, row.people) for seed in range(min(TRAINING, row.workshops))])
    best = max(training, key=lambda name: training[name].above)
    return best, attack([row.make(seed, row.people) for seed in range(row.workshops)])[best]


def main() -> None:
    print(
        "rule                          people  set  workshops  guesses  best channel       success  above   95 % <="
    )
    total, failed = 0, False
    for row in ROWS:
        best, score = measured(row)
        total += score.tries
        size = round(score.sizes / score.tries)
        print(
            f"{row.rule:29} {row.people:6} {size:4} {row.workshops:10} {score.tries:8}  {best:18}"
            f" {score.success:7.3f} {score.above:+7.4f} {score.bound:+8.4f}",
            flush=True,
        )
        failed |= score.bound > 0.02 if row.most is None else score.success > row.most + 0.01
    print(
        f"{total} attributions. Sealed and ballots: at most 2 points above chance; batched: as the threats file says."
    )
    sys.exit("MORE THAN ALLOWED" if failed else 0)


if __name__ == "__main__":
    main()
