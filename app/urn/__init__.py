"""The urn: the sealed box of one round and epoch. Drop, replace, withdraw, open; budgets.

Row keys are HMACs under the epoch's key K (`keys.py`), so the rows do not tell whose they are; once K is gone nobody can ever
tell again. What is kept, shown and deleted when is the domain's decision (`operations.Drop`, `operations.Opening`); SQL is in
`store/urn.py`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from random import SystemRandom

from sqlalchemy import Connection

from app.domain.errors import Rejected
from app.domain.operations import Ballot, Contents, Drop, Opening, Slots, Text
from app.store import urn as rows
from app.store.urn import Epoch
from app.urn.papers import Papers
from app.urn.seals import seal, tag, unseal


class Urn:
    """One epoch's urn under its key. `seat` names whose slots and ballot are meant; it never reaches a row."""

    def __init__(self, epoch: Epoch, key: bytes) -> None:
        self.epoch = epoch
        self._key = key
        self.papers = Papers(epoch, key)
        self._shown: Sequence[rows.TextRow] = ()

    def _slot_keys(self, seat: str, slots: Slots) -> list[bytes]:
        return [
            tag(self._key, slots.what, self.epoch.round, self.epoch.epoch, seat, slots.bucket, slot)
            for slot in range(1, slots.budget + 1)
        ]

    def drop(self, connection: Connection, drop: Drop, seat: str) -> None:
        """Put what was dropped where it belongs; refuses without having kept anything of it.

        Raises: Rejected("budget_spent" | "gone" | "id_reused" | "moved_meanwhile" | "paper_differs").
        """
        match drop.action:
            case "put":
                self._put(connection, drop, seat)
            case "edit":
                self._alter(connection, drop, rows.IN)
            case "withdraw":
                self._alter(connection, drop, rows.WITHDRAWN)
            case "claim":
                self._claim(connection, drop, seat)
            case "ballot":
                self._ballot(connection, drop, seat)
            case "paper":
                self.papers.enter(connection, drop, seat, self._ballot_key(seat))
            case "take_back":
                self.papers.take_back(connection, seat, drop.size_bytes)

    def _free_slot(self, connection: Connection, slots: Slots, seat: str) -> bytes:
        keys = self._slot_keys(seat, slots)
        taken = rows.texts_at(connection, self.epoch, keys)
        for key in keys:
            if key not in taken or taken[key].state == rows.WITHDRAWN:
                return key
        raise Rejected("budget_spent", budget=slots.budget)

    def _put(self, connection: Connection, drop: Drop, seat: str) -> None:
        secret_hash = bytes.fromhex(drop.secret_hash)
        if rows.text_by_secret(connection, self.epoch, secret_hash):
            raise Rejected("id_reused")
        key = self._free_slot(connection, Slots(drop.what, drop.bucket, drop.budget), seat)
        rows.put_text(connection, self.epoch, key, drop.what, drop.body, secret_hash)

    def _own(self, connection: Connection, drop: Drop) -> rows.TextRow:
        """The text whose secret this is. Looking up a hash needs no constant-time compare: the hash tells nothing of the secret."""
        secret_hash = hashlib.sha256(bytes.fromhex(drop.secret)).digest()
        row = rows.text_by_secret(connection, self.epoch, secret_hash)
        if row is None or row.state == rows.RELEASED:
            raise Rejected("gone")
        return row

    def _alter(self, connection: Connection, drop: Drop, state: str) -> None:
        row = self._own(connection, drop)
        if drop.revision <= row.revision:
            return  # done before: a repeated or overtaken revision
        if row.state == rows.WITHDRAWN:
            raise Rejected("gone")
        # A withdrawn text leaves its slot and an empty body: the tombstone.
        body = {**row.body, **drop.body} if state == rows.IN else {}
        rows.alter_text(connection, self.epoch, row, drop.revision, body, state)

    def _claim(self, connection: Connection, drop: Drop, seat: str) -> None:
        row = self._own(connection, drop)
        if row.what != drop.what or row.body.get("factor") != drop.body["factor"]:
            raise Rejected("gone")
        slots = Slots(drop.what, drop.bucket, drop.budget)
        if row.key not in self._slot_keys(seat, slots):
            rows.rekey_text(connection, self.epoch, row, self._free_slot(connection, slots, seat))

    def _ballot_key(self, seat: str) -> bytes:
        return tag(self._key, "ballot", self.epoch.round, self.epoch.epoch, seat)

    def _ballot(self, connection: Connection, drop: Drop, seat: str) -> None:
        key = self._ballot_key(seat)
        sealed = seal(self._key, key, {"choices": drop.body, "side": drop.side}, drop.size_bytes)
        in_the_way = rows.put_ballot(connection, self.epoch, key, drop.revision, sealed)
        if in_the_way is not None:
            raise Rejected("moved_meanwhile", revision=in_the_way)

    def _by_author(
        self, texts: Sequence[rows.TextRow], seats: Iterable[str], slots: Sequence[Slots]
    ) -> list[list[rows.TextRow]]:
        """The texts of each seat that has any. Only the key can tell, and only while it lives."""
        by_key = {row.key: row for row in texts}
        of_seats = (
            [by_key[key] for some in slots for key in self._slot_keys(seat, some) if key in by_key]
            for seat in seats
        )
        return [own for own in of_seats if own]

    def look(self, connection: Connection, opening: Opening, seats: Sequence[str]) -> Contents:
        """What is in the urn, shuffled, texts under fresh random ids."""
        shuffle = SystemRandom().shuffle
        inside = [row for row in self._texts(connection, opening.what) if row.state == rows.IN]
        by_author = self._by_author(inside, seats, opening.slots)
        self._shown = _by_lot(by_author, opening.drawn(len(by_author))) if opening.drawn else inside
        texts = [Text(secrets.token_hex(12), row.what, row.body) for row in self._shown]
        sealed = dict(rows.all_ballots(connection, self.epoch))
        cast = [self._opened(*row) for row in sealed.items()]
        on_paper, set_aside = self.papers.counted(connection, sealed.keys())
        cast += on_paper
        shuffle(texts)
        shuffle(cast)
        return Contents(texts, cast, len(by_author), set_aside)

    def _opened(self, row_key: bytes, sealed: bytes) -> Ballot:
        ballot = unseal(self._key, row_key, sealed)
        return Ballot(ballot["choices"], ballot["side"])

    def _texts(self, connection: Connection, what: str) -> list[rows.TextRow]:
        return [row for row in rows.all_texts(connection, self.epoch) if what in ("", row.what)]

    def take(self, connection: Connection) -> None:
        """After a release: the texts that were looked at leave the urn, their slots stay spent."""
        for row in self._shown:
            rows.alter_text(connection, self.epoch, row, row.revision, {}, rows.RELEASED)

    def cast_by(self, connection: Connection, groups: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """How many of each group's seats have a ballot in the urn, or a paper that counts once the others do: numbers alone leave
        this function, never which. A seat with both is counted twice: one paper more must not tell whether its seat had voted.
        """
        cast = {key for key, _ in rows.all_ballots(connection, self.epoch)}

        def count(seats: Collection[str]) -> int:
            from_devices = sum(self._ballot_key(seat) in cast for seat in seats)
            return min(len(seats), from_devices + self.papers.confirmed_of(connection, seats))

        return {group: count(list(seats)) for group, seats in groups.items()}

    def ready(
        self, connection: Connection, seats: Iterable[str], slots: Sequence[Slots], what: str = ""
    ) -> int:
        """How many seats are behind the texts that wait for a release."""
        waiting = [row for row in self._texts(connection, what) if row.state == rows.IN]
        return len(self._by_author(waiting, seats, slots)) if waiting else 0


def _by_lot(by_author: Sequence[list[rows.TextRow]], many: int) -> list[rows.TextRow]:
    """A batch: so many of the authors, and of each one text.

    Whoever writes much is no likelier to be in it, nor whoever wrote last: of the author of one text nobody knows more than
    that he is among all who waited.
    """
    chance = SystemRandom()
    return [chance.choice(own) for own in chance.sample(by_author, many)]
