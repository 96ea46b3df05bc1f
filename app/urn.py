"""The urn: the sealed box of one round and epoch. Drop, replace, withdraw, open; budgets; the key that is destroyed.

The key K of an epoch lives in the memory of each worker and in one file on its host's tmpfs; a volatile place elsewhere only
hands it to a worker on another host. Row keys are HMACs under K, so the rows do not tell whose they are; once K is gone nobody
can ever tell again. What is kept, shown and deleted when is the
domain's decision (`operations.Drop`, `operations.Opening`); SQL is in `store/urn.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any, Protocol

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from app.domain.errors import Rejected
from app.domain.operations import Ballot, Contents, Drop, Opening, Slots, Text
from app.store import urn as rows
from app.store.urn import Epoch

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class KeyName:
    """Which key: of one epoch, and of the how-manieth key of that epoch (1 unless one was lost)."""

    epoch: Epoch
    key: int

    @property
    def file(self) -> str:
        named = f"{self.epoch.board}|{self.epoch.round}|{self.epoch.epoch}|{self.key}"
        return hashlib.sha256(named.encode()).hexdigest()


class KeyLost(Exception):
    """The key of an epoch that should have one is not to be found from here: after a power cut, or on another host."""

    def __init__(self, name: KeyName) -> None:
        super().__init__(name.file)
        self.name = name


class Elsewhere(Protocol):
    """A volatile place that all workers reach. It may lose everything at any moment, and what it hands out is not trusted."""

    def offer(self, file: str, key: bytes) -> None: ...
    def ask(self, file: str) -> bytes | None: ...
    def withdraw(self, file: str) -> None: ...
    def withdraw_all_but(self, files: Collection[str]) -> None: ...


def mark_of(key: bytes) -> bytes:
    """What tells this key from another one under the same name; the key cannot be found from it."""
    return hmac.digest(key, b"mark", "sha256")[:16]


class Keys:
    """The keys in force, in memory and on tmpfs, so that a restarted service finds them and a power cut does not."""

    def __init__(self, volatile: Path) -> None:
        self._folder = volatile
        self._keys: dict[KeyName, bytes] = {}
        self.elsewhere: Elsewhere | None = None

    def create(self, name: KeyName) -> bytes:
        """A fresh key, on tmpfs before the transaction that puts it in force commits; `keep` it when it has.

        What lies there under the name is left over from a transaction that failed: it takes its place.
        """
        key = secrets.token_bytes(32)
        self._put_file(name, key)
        return key

    def _put_file(self, name: KeyName, key: bytes) -> None:
        path = self._folder / name.file
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(key)
        fresh.replace(path)

    def keep(self, name: KeyName, key: bytes | None = None) -> None:
        """Have a key in force in every place: memory, tmpfs, and where other workers find it."""
        key = key or self._keys[name]
        self._keys[name] = key
        if self._file(name) != key:
            self._put_file(name, key)
        if self.elsewhere:
            self.elsewhere.offer(name.file, key)

    def _file(self, name: KeyName) -> bytes | None:
        try:
            return (self._folder / name.file).read_bytes()
        except FileNotFoundError:
            return None

    def held(self) -> set[KeyName]:
        """The keys in memory."""
        return set(self._keys)

    def get(self, name: KeyName) -> bytes:
        """The key from memory. Raises: KeyLost."""
        try:
            return self._keys[name]
        except KeyError:
            raise KeyLost(name) from None

    def find(self, name: KeyName, mark: bytes | None) -> bytes:
        """The key that has this mark, from memory, tmpfs or elsewhere; kept from now on. Raises: KeyLost."""
        if name in self._keys:
            return self._keys[name]
        ask = self.elsewhere.ask if self.elsewhere else lambda file: None
        for place in (lambda: self._file(name), lambda: ask(name.file)):
            key = place()
            if key and len(key) == 32 and mark in (None, mark_of(key)):
                self.keep(name, key)
                return key
        raise KeyLost(name)

    def destroy(self, name: KeyName) -> None:
        """Destroy one key: here, on tmpfs, and elsewhere."""
        self._keys.pop(name, None)
        path = self._folder / name.file
        if path.exists():
            _overwrite(path)
        if self.elsewhere:
            self.elsewhere.withdraw(name.file)

    def destroy_all_but(self, in_force: Callable[[], set[KeyName]]) -> set[KeyName]:
        """Destroy every key that is not in force: at start, what a crash interrupted. Returns those in force.

        Asks what is in force after it has looked at what lies there: a key that begins meanwhile must not look left over.
        """
        there = list(self._folder.iterdir())
        keep = in_force()
        files = {name.file for name in keep}
        for name in self.held() - keep:
            del self._keys[name]
        for path in there:
            if path.name not in files:
                _overwrite(path)
        self.withdraw_all_but(keep)
        return keep

    def withdraw_all_but(self, in_force: set[KeyName]) -> None:
        """Leave no other key elsewhere: it may have been out of reach when one was destroyed."""
        if self.elsewhere:
            self.elsewhere.withdraw_all_but({name.file for name in in_force})


def _overwrite(path: Path) -> None:
    """Zeroes, then nothing. Several workers of one host may do it at once."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _tag(key: bytes, *words: str | int) -> bytes:
    return hmac.digest(key, "\x1f".join(map(str, words)).encode(), "sha256")


class Urn:
    """One epoch's urn under its key. `seat` names whose slots and ballot are meant; it never reaches a row."""

    def __init__(self, epoch: Epoch, key: bytes) -> None:
        self.epoch = epoch
        self._key = key
        self._shown: Sequence[rows.TextRow] = ()

    def _slot_keys(self, seat: str, slots: Slots) -> list[bytes]:
        return [
            _tag(self._key, slots.what, self.epoch.round, self.epoch.epoch, seat, slots.bucket, slot)
            for slot in range(1, slots.budget + 1)
        ]

    def drop(self, connection: Connection, drop: Drop, seat: str) -> None:
        """Put what was dropped where it belongs; refuses without having written anything.

        Raises: Rejected("budget_spent" | "gone" | "id_reused" | "moved_meanwhile").
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

    def _ballot(self, connection: Connection, drop: Drop, seat: str) -> None:
        key = _tag(self._key, "ballot", self.epoch.round, self.epoch.epoch, seat)
        sealed = self._seal(key, {"choices": drop.body, "side": drop.side}, drop.size_bytes)
        in_the_way = rows.put_ballot(connection, self.epoch, key, drop.revision, sealed)
        if in_the_way is not None:
            raise Rejected("moved_meanwhile", revision=in_the_way)

    def _seal(self, row_key: bytes, ballot: dict[str, Any], size: int) -> bytes:
        """The ballot, padded to one size for the whole round, encrypted, and bound to its row."""
        plain = orjson.dumps(ballot).ljust(size)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(_tag(self._key, "seal")).encrypt(nonce, plain, row_key)

    def _unseal(self, row_key: bytes, sealed: bytes) -> Ballot:
        plain = AESGCM(_tag(self._key, "seal")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row_key)
        ballot = orjson.loads(plain)
        return Ballot(ballot["choices"], ballot["side"])

    def authors(self, texts: Sequence[rows.TextRow], seats: Iterable[str], slots: Sequence[Slots]) -> int:
        """How many seats are behind these texts. Only the key can tell, and only while it lives."""
        keys = {row.key for row in texts}
        return sum(
            any(key in keys for some in slots for key in self._slot_keys(seat, some)) for seat in seats
        )

    def look(self, connection: Connection, opening: Opening, seats: Sequence[str]) -> Contents:
        """What is in the urn, shuffled, texts under fresh random ids."""
        shuffle = SystemRandom().shuffle
        kept = [row for row in self._texts(connection, opening.what) if row.state != rows.WITHDRAWN]
        inside = [row for row in kept if row.state == rows.IN]
        if opening.one_each:
            inside = self._one_each(inside, seats, opening.slots)
        self._shown = inside
        texts = [Text(secrets.token_hex(12), row.what, row.body) for row in inside]
        cast = [self._unseal(*row) for row in rows.all_ballots(connection, self.epoch)]
        shuffle(texts)
        shuffle(cast)
        authors = self.authors(inside if opening.release else kept, seats, opening.slots)
        return Contents(texts, cast, authors)

    def _texts(self, connection: Connection, what: str) -> list[rows.TextRow]:
        return [row for row in rows.all_texts(connection, self.epoch) if what in ("", row.what)]

    def _one_each(
        self, inside: Sequence[rows.TextRow], seats: Iterable[str], slots: Sequence[Slots]
    ) -> list[rows.TextRow]:
        """One text of each author, drawn by lot: whoever writes much would else be the likeliest author of a whole batch."""
        by_key = {row.key: row for row in inside}
        drawn = []
        for seat in seats:
            own = [by_key[key] for some in slots for key in self._slot_keys(seat, some) if key in by_key]
            drawn += [SystemRandom().choice(own)] if own else []
        return drawn

    def take(self, connection: Connection) -> None:
        """After a release: the texts that were looked at leave the urn, their slots stay spent."""
        for row in self._shown:
            rows.alter_text(connection, self.epoch, row, row.revision, {}, rows.RELEASED)

    def cast_by(self, connection: Connection, groups: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """How many of each group's seats have a ballot in the urn: numbers alone leave this function, never which."""
        cast = {key for key, _ in rows.all_ballots(connection, self.epoch)}
        return {
            group: sum(
                _tag(self._key, "ballot", self.epoch.round, self.epoch.epoch, seat) in cast for seat in seats
            )
            for group, seats in groups.items()
        }

    def ready(
        self, connection: Connection, seats: Iterable[str], slots: Sequence[Slots], what: str = ""
    ) -> int:
        """How many seats are behind the texts that wait for a release."""
        waiting = [row for row in self._texts(connection, what) if row.state == rows.IN]
        return self.authors(waiting, seats, slots) if waiting else 0
