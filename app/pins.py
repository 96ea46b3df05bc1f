"""The PIN of a seat on a shared phone: chosen by its person, asked for when the phone comes back to them.

Four digits keep a neighbour out, not a thief: after a few wrong ones the seat's own code is needed. The PIN is kept as a keyed
hash under the server's secret, so whoever holds the database alone cannot try ten thousand of them.
"""

from __future__ import annotations

import hmac
import re

from flask import current_app

from app import sessions
from app.boards import boards
from app.store import sessions as session_rows
from app.store.sessions import Session

DIGITS = 4
MOST_TRIES = 5
_PIN = re.compile(rf"[0-9]{{{DIGITS}}}\Z")


class BadPin(ValueError):
    """Not four digits."""


def choose(handle: str, pin: str) -> None:
    """Set the PIN of a seat in this browser. Raises: BadPin."""
    if not _PIN.match(pin):
        raise BadPin
    pin_hash = _hash(handle, pin)  # here: the writer's thread knows no application
    boards.write(lambda c: session_rows.change_session(c, handle, pin_hash=pin_hash, tries=0))


def lock(handle: str) -> bool:
    """Pass the phone on: the seat opens again with its PIN. False when it has none, or was given a new token just now."""
    found = sessions.session_here(handle)
    if not found or not found[0].pin_hash:
        return False
    # A new token, too: what somebody copied during the turn is worth nothing after it.
    if not sessions.renew(handle, locked=True):
        return False
    sessions.cut(handle, "locked")
    return True


def unlock(handle: str, pin: str) -> bool:
    """Open a locked seat; after `MOST_TRIES` wrong PINs this browser loses it. Needs a request."""
    found = sessions.session_here(handle)
    if not found:
        return False
    session, _ = found
    tries = boards.write(lambda c: session_rows.count_try(c, handle))
    if tries <= MOST_TRIES and _is_right(session, pin):
        return sessions.renew(handle, locked=False, tries=0)
    if tries >= MOST_TRIES:
        sessions.leave(handle)
    return False


def _is_right(session: Session, pin: str) -> bool:
    return session.pin_hash is not None and hmac.compare_digest(session.pin_hash, _hash(session.handle, pin))


def _hash(handle: str, pin: str) -> bytes:
    secret: bytes = current_app.config["SETTINGS"].secret
    return hmac.digest(secret, f"pin|{handle}|{pin}".encode(), "sha256")
