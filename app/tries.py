"""How often somebody may be wrong at the door: counted by workshop, by seat or by sign-in name, never by address, because a
whole room shares one. Memory of this worker; what others counted is told, and counts here as well (`heard`)."""

from __future__ import annotations

from collections.abc import Callable

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# Seat codes. The right one always opens: with 45 bits, whoever may guess a million times a day has one chance in a million
# to hit any of forty seats.
WRONG_CODES = RateLimitItemPerMinute(60)
# A word said in a room is short. Beyond this nobody comes in by it for a minute, and whoever tries waits at the door instead.
WRONG_WORDS = RateLimitItemPerMinute(20)
# A room of forty arrives within a minute.
ASKERS = RateLimitItemPerMinute(120)
# Passphrases of one account: a person's own browser is counted apart from strangers, who could else lock the person out.
WRONG_PASSPHRASES = RateLimitItemPerHour(20)
# And of all accounts together, from browsers that nobody signed in with before.
WRONG_SIGN_INS = RateLimitItemPerMinute(60)

_limiter = MovingWindowRateLimiter(MemoryStorage())
# Told of each try that was counted here: the limit, in words, and whose.
on_count: list[Callable[..., None]] = []


def count(limit: RateLimitItem, *whose: str) -> bool:
    """Count one; False when there were too many already."""
    if not _limiter.hit(limit, *whose):
        return False
    for tell in on_count:
        tell(repr(limit), *whose)
    return True


def heard(limit: str, *whose: str) -> None:
    """Another worker counted one."""
    _limiter.hit(parse(limit), *whose)


def are_left(limit: RateLimitItem, *whose: str) -> bool:
    """Whether one more may be tried; counts nothing."""
    return _limiter.test(limit, *whose)
