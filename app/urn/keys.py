"""The keys of the urns that are not opened yet, and how each is destroyed.

The key K of an epoch lives in the memory of each worker and in one file on its host's tmpfs; a volatile place elsewhere only
hands it to a worker on another host. Which of them is in force, and when one goes, is decided outside (`app/custody.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.store.urn import Epoch
from app.urn.shredder import shred


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
            shred(path)
        if self.elsewhere:
            self.elsewhere.withdraw(name.file)

    def destroy_all_but(self, in_force: Callable[[], set[KeyName]]) -> set[KeyName]:
        """Destroy every key that is not in force: at start, what a crash interrupted. Returns those in force.

        Asks what is in force after it has looked at what lies there: a key that begins meanwhile must not look left over.
        """
        there = [path for path in self._folder.iterdir() if path.is_file()]
        keep = in_force()
        files = {name.file for name in keep}
        for name in self.held() - keep:
            del self._keys[name]
        for path in there:
            if path.name not in files:
                shred(path)
        self.withdraw_all_but(keep)
        return keep

    def withdraw_all_but(self, in_force: set[KeyName]) -> None:
        """Leave no other key elsewhere: it may have been out of reach when one was destroyed."""
        if self.elsewhere:
            self.elsewhere.withdraw_all_but({name.file for name in in_force})
