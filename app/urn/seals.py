"""What an urn's key makes: tags that name a row without naming anybody, and rows that nobody can read without it."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def tag(key: bytes, *words: str | int) -> bytes:
    return hmac.digest(key, "\x1f".join(map(str, words)).encode(), "sha256")


def seal(key: bytes, row_key: bytes, content: dict[str, Any], size: int) -> bytes:
    """The content, padded to one size for the whole round, encrypted, and bound to its row."""
    plain = orjson.dumps(content).ljust(size)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(tag(key, "seal")).encrypt(nonce, plain, row_key)


def unseal(key: bytes, row_key: bytes, sealed: bytes) -> dict[str, Any]:
    plain = AESGCM(tag(key, "seal")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row_key)
    content: dict[str, Any] = orjson.loads(plain)
    return content
