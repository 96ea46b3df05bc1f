"""Which keys are in force: found wherever they are, kept where they must be, told to the other workers, and destroyed in time.

A key in force has a row in the database: a mark, and when a living worker last held it. The keys themselves are in
`app/urn/keys.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

from sqlalchemy import Connection

from app.clock import Clock
from app.domain.operations import Operation
from app.store import urn as rows
from app.urn import Urn
from app.urn.keys import KeyLost, KeyName, Keys, mark_of

logger = logging.getLogger("palabre.keys")

# Longer than the pause between two signs of life of whoever holds a key (`tend`).
KEY_HELD_MS = 15_000


def rekeying(lost: KeyName) -> Operation:
    """What the clock says when a key is gone: a new one comes in force, which voids the ballots under it. Said by several, it is
    done once."""
    urn = lost.epoch
    payload = {"round": urn.round, "epoch": urn.epoch, "key": lost.key}
    return Operation(f"rekey:{urn.round}:{urn.epoch}:{lost.key}", "round.rekey", payload)


class Transaction(Protocol):
    """How something is done on a connection, and its result."""

    def __call__(self, work: Callable[[Connection], Any], /) -> Any: ...


class KeyCustody:
    """The keys of this worker. `is_alone`: no other worker is there to hold one."""

    def __init__(
        self, keys: Keys, clock: Clock, read: Transaction, write: Transaction, *, is_alone: bool
    ) -> None:
        self.keys, self._clock, self._is_alone = keys, clock, is_alone
        self._read, self._write = read, write
        self._undestroyed: set[KeyName] = set()

    def settle(self, unopened: Callable[[], set[KeyName]]) -> list[KeyName]:
        """At start: finish the destructions that a crash interrupted. Returns the keys in force that are lost.

        Shape: `unopened` names the keys of all boards' urns that are not opened yet.
        """
        lost: list[KeyName] = []
        # And what another worker has begun since we loaded the board.
        for name in self.keys.destroy_all_but(lambda: unopened() | self._in_force().keys()):
            try:
                self._adopt(name, self.find(name))
            except KeyLost:
                if not self.is_held_elsewhere(name):
                    lost.append(name)
        return lost

    def _in_force(self) -> dict[KeyName, rows.KeyRow]:
        return {KeyName(row.epoch, row.key): row for row in self._read(rows.keys_in_force)}

    def of(self, board: str) -> set[KeyName]:
        """The keys in force of one board's urns."""
        return {name for name in self._in_force() if name.epoch.board == board}

    def _row(self, name: KeyName) -> rows.KeyRow | None:
        found: rows.KeyRow | None = self._read(lambda c: rows.key_in_force(c, name.epoch))
        return found

    def _adopt(self, name: KeyName, key: bytes) -> None:
        """A key from a release that kept no marks gets one."""
        if self._row(name) is None:
            row = rows.KeyRow(name.epoch, name.key, mark_of(key), self._clock.now_ms())
            self._write(lambda c: rows.put_key(c, row))

    def find(self, name: KeyName) -> bytes:
        """A key in force, from wherever it is. Raises: KeyLost."""
        with suppress(KeyLost):
            return self.keys.get(name)
        row = self._row(name)
        return self.keys.find(name, row.mark if row else None)

    def urn(self, name: KeyName) -> Urn | None:
        """The urn under a key; None while that is nowhere to be found."""
        try:
            return Urn(name.epoch, self.find(name))
        except KeyLost:
            return None

    def is_held_elsewhere(self, name: KeyName) -> bool:
        """Whether a living worker said lately that it has this key: then it is not lost, only not here yet."""
        row = None if self._is_alone else self._row(name)
        return row is not None and self._clock.now_ms() - row.held_at_ms < KEY_HELD_MS

    def tend(self) -> None:
        """Every few seconds, of several workers: say which keys we hold, put them back where they are gone, fetch what we lack."""
        # Before we ask what is in force: a key that begins meanwhile must not look destroyed.
        held = self.keys.held()
        in_force = self._in_force()
        self.destroy(held - in_force.keys())
        for name in in_force.keys() - held:
            with suppress(KeyLost):
                self.keys.find(name, in_force[name].mark)
        ours = sorted(self.keys.held() & in_force.keys(), key=lambda name: name.file)
        for name in ours:
            self.keys.keep(name)
        self.keys.withdraw_all_but(set(in_force))
        if ours:
            now_ms = self._clock.now_ms()
            self._write(lambda c: rows.still_held(c, [name.epoch for name in ours], now_ms))

    def destroy(self, names: Iterable[KeyName]) -> None:
        """Destroy keys of urns that are opened, or gone. That one cannot go now must stop nobody's work: it goes later."""
        for name in names:
            try:
                self.keys.destroy(name)
            except OSError as error:
                logger.error("storage: %s while destroying a key", type(error).__name__)
                self._undestroyed.add(name)

    def destroy_if_due(self) -> None:
        due, self._undestroyed = self._undestroyed, set()
        self.destroy(due)
