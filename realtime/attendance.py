"""Who takes part in a board's sealed round: its numbers stand still meanwhile, and whoever is away at its close is counted.

Handles of seats, in memory only and gone with the round; of several workers each merges what the others saw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.domain import rounds
from app.domain.records import Record

# Of the sealed round that closed last: its id and epoch, and how many who took part were not connected then.
Away = dict[str, Any]


@dataclass(slots=True)
class Sitting:
    """One sealed epoch that is live. `numbers`: connected and away, as they were when it was first seen."""

    round: str
    epoch: int
    since_ms: int
    numbers: tuple[int, int]
    seats: set[str] = field(default_factory=set)


class Attendance:
    """Every board's sealed round, if one is live, and how many were away when the last one closed."""

    def __init__(self) -> None:
        self._sittings: dict[str, Sitting] = {}
        self._away: dict[str, Away] = {}

    def note(
        self,
        board: str,
        live: Record | None,
        here: set[str],
        now_ms: int,
        numbers: tuple[int, int],
    ) -> None:
        """What is the case now. A sealed epoch keeps the numbers that it began with."""
        sitting = self._sittings.get(board)
        if live and rounds.is_sealed(live):
            if sitting is None or (sitting.round, sitting.epoch) != (live["id"], live["epoch"]):
                sitting = self._sittings[board] = Sitting(live["id"], live["epoch"], now_ms, numbers)
            sitting.seats |= here
            self._away.pop(board, None)
        elif sitting:
            del self._sittings[board]
            # Their texts may be under way.
            away = len(sitting.seats - here)
            self._away[board] = {"round": sitting.round, "epoch": sitting.epoch, "count": away}

    def frozen(self, board: str) -> tuple[int, int] | None:
        """The numbers that stand still, while they do."""
        sitting = self._sittings.get(board)
        return sitting.numbers if sitting else None

    def away(self, board: str) -> Away | None:
        """Of those who took part in the last sealed round, how many were not connected when it closed."""
        return self._away.get(board)

    def boards(self) -> list[str]:
        """Those with a sitting."""
        return list(self._sittings)

    def forget(self, board: str) -> None:
        self._sittings.pop(board, None)
        self._away.pop(board, None)

    # --- what workers tell one another ---

    def said(self) -> dict[str, Any]:
        """Board -> its sitting and who was away at the last close, as JSON can hold it."""
        told: dict[str, Any] = {board: {"away": away} for board, away in self._away.items()}
        for board, one in self._sittings.items():
            told[board] = {"sitting": [one.round, one.epoch, one.since_ms, one.numbers, sorted(one.seats)]}
        return told

    def heard(self, board: str, theirs: Sitting | Away) -> None:
        """What another worker saw of the same epoch; its numbers hold when it was the first."""
        ours = self._sittings.get(board)
        if isinstance(theirs, dict):
            if ours is None:
                self._away.setdefault(board, theirs)
        elif ours and (ours.round, ours.epoch) == (theirs.round, theirs.epoch):
            ours.seats |= theirs.seats
            if theirs.since_ms < ours.since_ms:
                ours.since_ms, ours.numbers = theirs.since_ms, theirs.numbers


def seen_of(told: dict[str, Any]) -> Sitting | Away:
    """What another worker said of a board. Raises: TypeError, ValueError, KeyError."""
    if "away" in told:
        away = told["away"]
        return {"round": away["round"], "epoch": away["epoch"], "count": away["count"]}
    round_, epoch, since_ms, (online, offline), seats = told["sitting"]
    return Sitting(round_, epoch, since_ms, (online, offline), set(seats))
