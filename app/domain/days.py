"""Days as text, 2026-03-31: whether there is such a day, which one a moment falls on, how many months lie between two. Pure:
no clock and no time zone."""

from __future__ import annotations

import re
from calendar import monthrange

DAY_MS = 24 * 60 * 60 * 1000
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")


def parts(day: str) -> tuple[int, int, int]:
    """Year, month and day of the month. Raises: ValueError where there is no such day."""
    found = _DAY.match(day)
    if not found:
        raise ValueError(day)
    year, month, of_month = map(int, found.groups())
    if not (year >= 1 and 1 <= month <= 12 and 1 <= of_month <= monthrange(year, month)[1]):
        raise ValueError(day)
    return year, month, of_month


def is_day(day: str) -> bool:
    try:
        return bool(parts(day))
    except ValueError:
        return False


def day_of(now_ms: int) -> str:
    """The day of a moment in UTC. Source: Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`."""
    days = now_ms // DAY_MS + 719_468
    era, of_era = divmod(days, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + 400 * era + (month <= 2)
    return f"{year:04}-{month:02}-{of_year - (153 * shifted + 2) // 5 + 1:02}"


def months_between(first: str, last: str) -> float:
    """Whole months from one day to another, and a half for what is left over: 6 is six months to the day, 6.5 more."""
    (year, month, day), (end_year, end_month, end_day) = parts(first), parts(last)
    whole = 12 * (end_year - year) + end_month - month
    return whole + 0.5 * ((end_day > day) - (end_day < day))
