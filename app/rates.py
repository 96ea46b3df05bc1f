"""How fast a seat may act, by socket and by plain request alike: by seat, never by address, because a whole room shares one.

Memory of this worker; what a seat spent through others is charged to it when they tell. Time is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# One backlog after an hour's absence, then more than a person can type.
BURST = 60
PER_S = 2
# Frames of any kind. Whoever sends more is read more slowly: nothing is lost, and only its own connections wait.
FRAMES_BURST, FRAMES_PER_S = 120, 10
_TIDY_ABOVE = 4096
# Other workers whose last word is remembered while they are silent.
_MOST_WORKERS = 16


@dataclass(slots=True)
class Bucket:
    """A token bucket. Units: operations, seconds; `spent` is how many were taken here in all."""

    tokens: float
    at_s: float
    spent: int = 0

    def fill(self, now_s: float, burst: float, per_s: float) -> float:
        self.tokens = min(burst, self.tokens + (now_s - self.at_s) * per_s)
        self.at_s = now_s
        return self.tokens


@dataclass(slots=True)
class Rates:
    """A bucket for each seat, kept until it is full again: leaving and coming back refills nothing."""

    burst: float = BURST
    per_s: float = PER_S
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    # Other worker -> what each seat had taken of it when it told last; who told last comes last.
    _told: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def take(self, seat: str, count: int, now_s: float) -> bool:
        """Whether so many more are allowed now; if not, nothing is taken."""
        bucket = self._bucket(seat, now_s)
        if bucket.fill(now_s, self.burst, self.per_s) < count:
            return False
        bucket.tokens -= count
        bucket.spent += count
        return True

    def spent(self) -> dict[str, int]:
        """Seat -> how many it took of this worker in all."""
        return {seat: bucket.spent for seat, bucket in self._buckets.items() if bucket.spent}

    def heard(self, worker: str, spent: Mapping[str, int], now_s: float) -> None:
        """Another worker tells what it has `spent`: what our seats took of it since it told before, they pay for here.

        However often it tells, and however long it was silent, each operation is paid for once. What it tells first is past.
        """
        before = self._told.pop(worker, spent)
        self._told[worker] = spent
        if len(self._told) > _MOST_WORKERS:
            del self._told[next(iter(self._told))]
        for seat, count in spent.items():
            known = before.get(seat, 0)
            more = count - known if count >= known else count  # it began to count anew
            if more and seat in self._buckets:
                self._charge(seat, more, now_s)

    def _charge(self, seat: str, count: int, now_s: float) -> None:
        """At the most, a seat waits until a whole burst is earned."""
        bucket = self._bucket(seat, now_s)
        bucket.tokens = max(bucket.fill(now_s, self.burst, self.per_s) - count, -self.burst)

    def wait_s(self, seat: str, now_s: float) -> float:
        """Take one in any case, and say how long to wait before acting on it."""
        bucket = self._bucket(seat, now_s)
        # No deeper than one burst: who stops is forgiven in time.
        bucket.tokens = max(-self.burst, bucket.fill(now_s, self.burst, self.per_s) - 1)
        return max(0.0, -bucket.tokens / self.per_s)

    def _bucket(self, seat: str, now_s: float) -> Bucket:
        if len(self._buckets) > _TIDY_ABOVE:
            self._buckets = {
                key: one
                for key, one in self._buckets.items()
                if one.fill(now_s, self.burst, self.per_s) < self.burst
            }
        return self._buckets.setdefault(seat, Bucket(self.burst, now_s))


# Operations, whichever road they come by.
operations = Rates()
