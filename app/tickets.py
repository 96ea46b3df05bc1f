"""Connect tickets: what a client that sends no Origin shows instead, to prove that it can read our answers to its session.

Signed with the server's secret, so that any worker takes one; good for ten seconds, for one seat, once (each worker remembers
what it took for as long as it would be good).
"""

from __future__ import annotations

import hmac
import re
import secrets

LIFE_MS = 10_000
_FORM = re.compile(r"(\d{1,15})\.([0-9a-f]{32})\.([0-9a-f]{64})")


class Tickets:
    """Gives tickets out and takes each back once."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def give(self, secret: bytes, handle: str, now_ms: int) -> str:
        written = f"{now_ms + LIFE_MS}.{secrets.token_hex(16)}"
        return f"{written}.{_seal(secret, handle, written)}"

    def take(self, secret: bytes, handle: str, ticket: object, now_ms: int) -> bool:
        """Whether it is ours, for this seat, still good and not used before; it is used now."""
        found = _FORM.fullmatch(ticket) if isinstance(ticket, str) else None
        if found is None:
            return False
        due, nonce, seal = found.groups()
        self._taken = {one: until for one, until in self._taken.items() if until > now_ms}
        good = hmac.compare_digest(seal, _seal(secret, handle, f"{due}.{nonce}"))
        if not good or int(due) <= now_ms or nonce in self._taken:
            return False
        self._taken[nonce] = int(due)
        return True


def _seal(secret: bytes, handle: str, written: str) -> str:
    return hmac.digest(secret, f"ticket|{handle}|{written}".encode(), "sha256").hex()


tickets = Tickets()
