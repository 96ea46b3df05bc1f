"""Does a history of concurrent calls have a serial order? The question of Herlihy and Wing, asked as Jepsen asks it.

A call lasted from its start to its end; an order is right when no call comes before one that had ended when it started, and
when every answer is what the object, taken alone and in that order, would have answered. Knows no board and no thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its answer. `step` gives the object's state after it, or None when that answer is impossible in a state.

    Units: `start` and `end` are readings of one monotonic clock.
    """

    start: float
    end: float
    step: Callable[[Hashable], Hashable | None]
    what: str = ""


def has_serial_order(calls: Sequence[Call], begin: Hashable) -> bool:
    """Whether the calls could have happened one after the other. Source: Wing & Gong 1993, with states remembered."""
    everything = (1 << len(calls)) - 1
    seen: set[tuple[int, Hashable]] = set()
    open_: list[tuple[int, Hashable]] = [(0, begin)]
    while open_:
        done, state = open_.pop()
        if done == everything:
            return True
        if (done, state) in seen:
            continue
        seen.add((done, state))
        left = [number for number in range(len(calls)) if not done >> number & 1]
        first_end = min(calls[number].end for number in left)
        for number in left:
            if calls[number].start <= first_end and (after := calls[number].step(state)) is not None:
                open_.append((done | 1 << number, after))
    return False
