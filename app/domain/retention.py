"""How long a workshop keeps its people: when they are due to be forgotten, when that is told, and when it is done. Pure.

Units: a day is a whole number, days since 1970-01-01 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

DAY_MS = 86_400_000
# Long enough for the report and for questions about it; afterwards nobody needs to know any more who was there.
DEFAULT_DAYS = 90
CHOICES = (30, 90, 180, 365)
# A workshop that was prepared and never held: nobody may count on its list any more.
UNHELD_DAYS = 365
# Whoever opens a page of the workshop reads for so long that it is coming.
NOTICE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a workshop keeps, and what was done about it.

    Shape: people are kept for `days` after the last round, unless `until` names a day; `announced` is the day everybody was
           told; `wiping` says that a wipe has begun and is not finished; `wiped_at_ms` is when the last one was; `sealed`,
           `sealed_head` and `sealed_hash` are of the newest sealed archive: its day, the board's head in it, its SHA-256.
    """

    days: int = DEFAULT_DAYS
    until: int | None = None
    announced: int | None = None
    wiping: bool = False
    wiped_at_ms: int | None = None
    sealed: int | None = None
    sealed_head: int | None = None
    sealed_hash: str | None = None


def day_of(ms: int) -> int:
    return ms // DAY_MS


def due(keeping: Keeping, made: int, last_round: int | None) -> int | None:
    """The day from which people are no longer kept; None when they were wiped and nothing was held since.

    Shape: `made` is the day the workshop was made; `last_round` that of its newest round, None before the first.
    """
    wiped = keeping.wiped_at_ms
    if wiped is not None and (last_round is None or last_round <= day_of(wiped)):
        return None
    if keeping.until is not None:
        return keeping.until
    return made + UNHELD_DAYS if last_round is None else last_round + keeping.days


def announced(keeping: Keeping, due_on: int | None, today: int) -> int | None:
    """The day that everybody is told from now on, or None while it is far.

    Nobody is surprised: between the first word of it and the day lie `NOTICE_DAYS`, also on a laptop that slept for a year,
    or whose clock was years ahead for an hour.
    """
    if due_on is None or today < due_on - NOTICE_DAYS:
        return None
    earliest = max(due_on, today + NOTICE_DAYS)
    if keeping.announced is None or keeping.announced > earliest:
        return earliest
    return max(due_on, keeping.announced)


def is_time(keeping: Keeping, due_on: int | None, today: int) -> bool:
    """Whether the day that was announced has come, and is still due."""
    return due_on is not None and keeping.announced is not None and today >= max(due_on, keeping.announced)
