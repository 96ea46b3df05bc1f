"""`make attack`: how often a director with admin rights names the right person, above chance, by every channel we could think of.

The best channel of each row is chosen on workshops of its own and measured on others, so that luck among many is not skill.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import mean

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


def sealed(seed: int, people: int) -> Workshop:
    return written(seed, people, "post")


def at_tables(seed: int, people: int) -> Workshop:
    return written(seed, people, "tables")


def batched(minutes: int) -> Callable[[int, int], Workshop]:
    return lambda seed, people: written(seed, people, "carousel", minutes=minutes)


ROWS = (
    Row("sealed, whole room", 12, 60, sealed),
    Row("sealed, whole room", 40, 30, sealed),
    Row("sealed, tables of eight", 16, 50, at_tables),
    *(
        Row(f"batched, {minutes} minutes", people, workshops, batched(minutes), most)
        for people, workshops, most in ((12, 40, 0.19), (40, 25, 0.13), (400, 3, 0.02))
        for minutes in (4, 8)
    ),
    Row("ballots", 12, 200, voted),
    Row("ballots", 40, 120, voted),
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


@dataclass(frozen=True, slots=True)
class Measured:
    """What the channel that was best in training reaches on workshops it has not seen, and how long texts waited there."""

    channel: str
    score: Score
    waits_s: list[float]

    @property
    def waited(self) -> str:
        return f"{mean(self.waits_s):4.0f} s {max(self.waits_s):4.0f} s" if self.waits_s else ""


def measured(row: Row) -> Measured:
    training = attack([row.make(1000 + seed, row.people) for seed in range(min(TRAINING, row.workshops))])
    best = max(training, key=lambda name: training[name].above)
    workshops = [row.make(seed, row.people) for seed in range(row.workshops)]
    waits_s = [wait for workshop in workshops for wait in workshop.waits_s()] if row.most else []
    return Measured(best, attack(workshops)[best], waits_s)


def main() -> None:
    print(
        f"{'rule':24} people  set  workshops  guesses  {'best channel':17}  success    above  95 % <=  mean, worst wait"
    )
    total, failed = 0, False
    for row in ROWS:
        found = measured(row)
        score = found.score
        total += score.tries
        size = round(score.sizes / score.tries)
        print(
            f"{row.rule:24} {row.people:6} {size:4} {row.workshops:10} {score.tries:8}  {found.channel:17}"
            f"  {score.success:7.3f}  {score.above:+7.4f}  {score.bound:+7.4f}  {found.waited}",
            flush=True,
        )
        failed |= score.bound > 0.02 if row.most is None else score.success > row.most
    print(
        f"{total} attributions. Sealed and ballots: at most 2 points above chance; batched: as the threats file says."
    )
    sys.exit("MORE THAN ALLOWED" if failed else 0)


if __name__ == "__main__":
    main()
