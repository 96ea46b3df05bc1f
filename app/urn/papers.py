"""Paper ballots in an urn: one reading of each is held sealed until a second person has read the same.

Rows lie under HMAC(K, "paper", R, E, seat), and what they say (the choices, whose hands, what is confirmed) is encrypted like a
ballot. When one is counted, and what goes before what, is decision 26.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.errors import Rejected
from app.domain.operations import Ballot, Drop, SetAside
from app.store import papers as rows
from app.store.urn import Epoch
from app.urn.seals import seal, tag, unseal

# Who has tried so often and read something else each time does not read.
MOST_MISSES = 3
Paper = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many papers are entered; of these, how many two people agree on, and how many have a reading that waits."""

    entered: int
    confirmed: int
    waiting: int


class Papers:
    """The paper ballots of one epoch's urn, under its key.

    Shape: a row is {ballot, stands, asked, read, missed}: `stands` is the reading that two people agree on, `read` the one that
           waits for a second person; `asked` and `missed` count who read something else than the one and the other.
    """

    def __init__(self, epoch: Epoch, key: bytes) -> None:
        self.epoch, self._key = epoch, key

    def _row_key(self, seat: str) -> bytes:
        return tag(self._key, "paper", self.epoch.round, self.epoch.epoch, seat)

    def enter(self, connection: Connection, drop: Drop, seat: str, ballot: bytes) -> None:
        """Keep a first reading, confirm an equal one of a second person, or put this one in its place.

        Shape:  `ballot` is the key of the row that a ballot of this seat has in the same urn.
        Raises: Rejected("paper_differs"); how often that was is kept, so that nobody finds out by trying what others read.
        """
        row_key = self._row_key(seat)
        there = rows.paper_at(connection, self.epoch, row_key)
        blank = {"ballot": ballot.hex(), "stands": None, "asked": 0, "read": None, "missed": 0}
        paper = unseal(self._key, row_key, there.sealed) if there else blank
        hands = tag(self._key, "hands", drop.hands).hex()
        reading = {"choices": drop.body, "side": drop.side, "essence": drop.essence, "hands": hands}
        after, agrees = _read_again(paper, reading, instead=drop.instead)
        if after != paper:
            sealed = seal(self._key, row_key, after, drop.size_bytes)
            rows.put_paper(connection, self.epoch, row_key, there, sealed)
        if not agrees:
            raise Rejected("paper_differs")

    def take_back(self, connection: Connection, seat: str, size_bytes: int) -> None:
        """A reading that waits for a second person goes; what two people agreed on stays."""
        row_key = self._row_key(seat)
        there = rows.paper_at(connection, self.epoch, row_key)
        if there is None:
            return
        paper = unseal(self._key, row_key, there.sealed)
        if paper["stands"] is None:
            rows.take_out(connection, self.epoch, there)
        elif paper["read"]:
            sealed = seal(self._key, row_key, {**paper, "read": None}, size_bytes)
            rows.put_paper(connection, self.epoch, row_key, there, sealed)

    def _all(self, connection: Connection) -> Iterator[tuple[bytes, Paper]]:
        for row in rows.all_papers(connection, self.epoch):
            yield row.key, unseal(self._key, row.key, row.sealed)

    def counted(self, connection: Connection, cast: Collection[bytes]) -> tuple[list[Ballot], SetAside]:
        """The ballots that count, beside those whose rows `cast` names; and how many do not, and why."""
        ballots, unconfirmed, overruled = [], 0, 0
        for _, paper in self._all(connection):
            stands = paper["stands"]
            if bytes.fromhex(paper["ballot"]) in cast:
                overruled += 1
            elif stands is None:
                unconfirmed += 1
            else:
                ballots.append(Ballot(stands["choices"], stands["side"], on_paper=True))
        return ballots, SetAside(unconfirmed, overruled)

    def standing(self, connection: Connection) -> Standing:
        """How far the papers have come. Whether a seat has cast a ballot too is not looked at: the numbers must not tell."""
        papers = [paper for _, paper in self._all(connection)]
        confirmed, waiting = (sum(bool(paper[what]) for paper in papers) for what in ("stands", "read"))
        return Standing(len(papers), confirmed, waiting)

    def waiting(self, connection: Connection, seats: Collection[str]) -> set[str]:
        """Of these seats, those with a reading that nobody has confirmed."""
        waits = {key for key, paper in self._all(connection) if paper["read"]}
        return {seat for seat in seats if self._row_key(seat) in waits}

    def confirmed_of(self, connection: Connection, seats: Collection[str]) -> int:
        """How many of these seats have a paper that stands."""
        done = {key for key, paper in self._all(connection) if paper["stands"]}
        return sum(self._row_key(seat) in done for seat in seats)


def _read_again(paper: Paper, reading: Mapping[str, Any], *, instead: bool) -> tuple[Paper, bool]:
    """A paper after one more reading, and whether that agrees with what it was held against.

    What stands goes only when two people agree on something else. Readings are held against the one that waits, else against the
    one that stands; after three misses an equal one no longer agrees. `instead` is held against nothing and always waits, so
    that it tells nothing either.
    """
    waits, stands = paper["read"], paper["stands"]
    fresh = {**paper, "read": reading, "missed": 0}
    if instead or (waits is None and stands is None):
        return fresh, True
    if waits is None:
        if stands["essence"] == reading["essence"] and paper["asked"] < MOST_MISSES:
            return paper, True
        return {**paper, "asked": min(paper["asked"] + 1, MOST_MISSES)}, False
    if waits["hands"] == reading["hands"]:
        return (paper if waits["essence"] == reading["essence"] else fresh), True
    if waits["essence"] == reading["essence"] and paper["missed"] < MOST_MISSES:
        return {**paper, "stands": waits, "read": None, "asked": 0, "missed": 0}, True
    return {**paper, "missed": min(paper["missed"] + 1, MOST_MISSES)}, False
