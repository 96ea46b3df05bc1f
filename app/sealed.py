"""A file that opens with a passphrase only: the bytes of docs/archive.md. Knows nothing of what is in it.

Header (37 bytes, authenticated with the rest): 8 bytes "PALABRE" and the version 1; 1 byte n, the cost of scrypt (N = 2^n, r = 8,
p = 1); 16 bytes salt; 12 bytes nonce. Then AES-256-GCM.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.codes import ALPHABET

MAGIC = b"PALABRE\x01"
_HEADER = struct.Struct(">8sB16s12s")
# 128 MiB and some tenths of a second for each guess; a file from elsewhere may ask for more, not for everything we have.
COST = 17
COSTS = range(14, 19)
LEAST_CHARS = 16
_GROUPS, _GROUP_CHARS = 4, 5


class NotSealed(ValueError):
    """This is no sealed file of ours, or one of a later release."""


class DoesNotOpen(ValueError):
    """The passphrase is another one, or the file was altered: nobody can tell which."""


class TooShort(ValueError):
    """A passphrase that could be guessed."""


def new_passphrase() -> str:
    """Twenty characters to write down, of 5 bits each: XXXXX-XXXXX-XXXXX-XXXXX."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))
    return "-".join(groups)


def seal(content: bytes, passphrase: str) -> bytes:
    """The content under a passphrase. Takes a while: in a real thread. Raises: TooShort."""
    if len(_tidy(passphrase)) < LEAST_CHARS:
        raise TooShort
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    header = _HEADER.pack(MAGIC, COST, salt, nonce)
    return header + AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, content, header)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """What was sealed. Raises: NotSealed, DoesNotOpen."""
    if len(sealed) < _HEADER.size:
        raise NotSealed
    header, rest = sealed[: _HEADER.size], sealed[_HEADER.size :]
    magic, cost, salt, nonce = _HEADER.unpack(header)
    if magic != MAGIC or cost not in COSTS:
        raise NotSealed
    try:
        return AESGCM(_key(passphrase, salt, cost)).decrypt(nonce, rest, header)
    except InvalidTag:
        raise DoesNotOpen from None


def _tidy(passphrase: str) -> str:
    """As it was meant: one form of every letter, no blanks around."""
    return unicodedata.normalize("NFC", passphrase).strip()


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    memory = 128 * 8 * 2**cost
    return hashlib.scrypt(
        _tidy(passphrase).encode(), salt=salt, n=2**cost, r=8, p=1, dklen=32, maxmem=memory + (1 << 20)
    )
