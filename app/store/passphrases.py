"""Argon2id: what is kept of a passphrase that a person chose, and the one place that compares. The hash leaves the store in a
`Lock` alone, which shows it to nobody.

The work is heavy on purpose (a fifth of a second, 64 MiB): call it in a real thread. Source: RFC 9106, 4, second choice.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Of words that were thrown away: what is tried when nobody has the name. Made with the same parameters.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$99TDWTbEQ9ks6ocE87vbtw$BxntNITEuOwDVMfHq/NfkJoAXLpPNWdzaVmdFfoB23Y"
HASH_CHARS = 200


class Lock:
    """A passphrase as it is kept: opens for the same words, tells nothing."""

    __slots__ = ("_hash",)

    def __init__(self, kept: str) -> None:
        self._hash = kept

    @classmethod
    def of(cls, words: str) -> Lock:
        """A new lock for these words."""
        return cls(_hasher.hash(words))

    @classmethod
    def nobodys(cls) -> Lock:
        """A lock that no words open, with as much work as any other."""
        return cls(_NOBODYS)

    def opens(self, words: str) -> bool:
        try:
            return _hasher.verify(self._hash, words)
        except (VerificationError, InvalidHashError):
            return False

    @property
    def is_weak(self) -> bool:
        """Whether it was made by a release that asked for less work than this one."""
        return _hasher.check_needs_rehash(self._hash)

    def __repr__(self) -> str:
        return "Lock()"


def kept(lock: Lock) -> str:
    """What a row holds; for the tables of this folder."""
    return lock._hash
