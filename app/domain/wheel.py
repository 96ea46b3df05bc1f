"""Who has the wheel: which of several facilitators runs the seminar just now. Pure, advisory, and nothing depends on it.

Every facilitator may send every command at any time; the wheel only keeps two of them from pressing the same button. It lies
in memory beside presence: a server that starts again asks nobody, and the first who acts has it. Several workers each keep it
and merge what the others tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

# After so long without a sign of whoever has it, the others are offered to take over.
SILENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Wheel:
    """Shape: `person` None: nobody has acted yet; `passed` counts how often it was taken.

    Units: `since_ms` is when it was; `seen_ms` when the holder was last connected, by the clock of whoever looks.
    """

    person: str | None = None
    name: Mapping[str, str] | None = None
    seen_ms: int = 0
    since_ms: int = 0
    passed: int = 0

    def used(self, person: str, name: Mapping[str, str] | None, now_ms: int) -> Wheel:
        """Somebody acts: where nobody has the wheel, they have it now; it is never taken by acting."""
        return self if self.person else Wheel(person, name, now_ms, now_ms)

    def taken(self, person: str, name: Mapping[str, str] | None, now_ms: int) -> Wheel:
        """Handed over, or taken over."""
        return Wheel(person, name, now_ms, now_ms, self.passed + 1)

    def merged(self, other: Wheel, now_ms: int) -> Wheel:
        """What another worker knows of it: the later handing over stands, and of two who only acted the first."""
        if other.person is None or other._who() == self._who():
            return self
        ours = self.person is not None and self._who() < other._who()
        return self if ours else replace(other, seen_ms=now_ms)

    def _who(self) -> tuple[int, int, str]:
        return -self.passed, self.since_ms, self.person or ""

    def seen(self, now_ms: int) -> Wheel:
        return replace(self, seen_ms=now_ms)

    def is_silent(self, now_ms: int) -> bool:
        return self.person is not None and now_ms - self.seen_ms >= SILENCE_MS
