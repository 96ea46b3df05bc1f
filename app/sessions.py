"""Seats in a browser: opened, renewed, left, and proved by its signed cookie, which keeps a token for each handle.

A browser may hold several seats; the address of a page says which seat it is for. Knows the accounts and the boards' door.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from flask import Response, after_this_request, current_app, session
from sqlalchemy import Connection

from app.boards import boards
from app.seats import new_id, read
from app.store import sessions as session_rows
from app.store.people import Person
from app.store.sessions import Session
from app.tickets import tickets

# Below the 4 KiB that a browser keeps of a cookie.
MOST_SEATS_HELD = 30


class NoRoom(Exception):
    """This browser holds as many seats as its cookie can: one of them has to be left here first."""


# Told when a session ends: (handle, reason). The live side cuts its sockets.
on_cut: list[Callable[[str, str], None]] = []


def open_for(person: Person) -> str:
    """Open a seat for whoever has just shown that it is theirs, and return its handle in this browser.

    A participant's seat moves: other devices are cut. A seat that this browser has already keeps its handle, under which
    its pages keep what is unsent; it gets a new token, and the pages that are open connect again with it.

    Raises: NoRoom; then nothing was opened, and none that is held here was closed.
    """
    if held := held_for(person):
        # The seat's code or link was shown: a forgotten PIN is let go.
        if renew(held, locked=False, tries=0, pin_hash=None):
            after_answer(lambda: cut(held, "restart"))
        return held
    others = _with_room()
    handle, token = new_id(), secrets.token_urlsafe(32)

    def work(connection: Connection) -> list[str]:
        moved = session_rows.close_sessions(connection, person.id) if person.role == "participant" else []
        session_rows.open_session(connection, handle, hash_of(token), person.id)
        return moved

    for old in boards.write(work):
        cut(old, "moved")
    _hold([*others, (handle, token)])
    return handle


def find_room() -> None:
    """Make sure that one more seat can be opened here, before anything is made for it. Needs a request. Raises: NoRoom."""
    _with_room()


def _with_room() -> list[tuple[str, str]]:
    """What the cookie holds; when it is full, without what was ended elsewhere. Raises: NoRoom."""
    held = _held()
    if len(held) >= MOST_SEATS_HELD:
        held = [(handle, token) for handle, token in held if _proved(handle, token)]
    if len(held) >= MOST_SEATS_HELD:
        raise NoRoom
    return held


def held_for(person: Person) -> str | None:
    """The handle under which this browser has the seat already, if it has."""
    return next((seat.handle for seat, found in held_seats() if found.id == person.id), None)


def renew(handle: str, **values: Any) -> bool:
    """Give a seat in this browser a new token, and its session these values; whoever copied the old one has nothing.

    False when it is not ours to renew, or another tab was faster. Needs a request.
    """
    found, token = session_here(handle), secrets.token_urlsafe(32)
    if not found or not boards.write(
        lambda c: session_rows.renew_session(c, found[0], hash_of(token), **values)
    ):
        return False
    _hold([(held, token if held == handle else old) for held, old in _held()])
    return True


def is_renewed(handle: str) -> bool:
    """Whether this browser shows the token before the present one: a tab that asked before another tab's answer came."""
    found, token = read(lambda c: session_rows.session(c, handle)), dict(_held()).get(handle)
    return bool(found and token and found.former_hash == hash_of(token))


def after_answer(act: Callable[[], None]) -> None:
    """Do something once the answer, with its cookie, is on its way: other tabs must not come back before it."""

    @after_this_request
    def later(answer: Response) -> Response:
        answer.call_on_close(act)
        return answer


def held_seats() -> list[tuple[Session, Person]]:
    """The seats this browser holds, locked ones too, the newest last. Needs a request."""
    return [found for handle, token in _held() if (found := _proved(handle, token))]


def tokens_held() -> frozenset[tuple[str, str]]:
    """What this browser's cookie opens: (handle, token). Signed, but perhaps closed since. Needs a request."""
    return frozenset(_held())


def _held() -> list[tuple[str, str]]:
    held = session.get("seats")
    return [(handle, token) for handle, token in held] if isinstance(held, list) else []


def _hold(held: list[tuple[str, str]]) -> None:
    session["seats"] = [list(pair) for pair in held]
    session.permanent = True


def leave(handle: str) -> None:
    """End this browser's session for a seat."""
    _hold([(held, token) for held, token in _held() if held != handle])
    boards.write(lambda c: session_rows.close_session(c, handle))
    cut(handle, "removed")


def hash_of(token: str) -> bytes:
    """What is kept of a token: it has 256 bits, so that no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()


def connect_ticket(handle: str) -> str:
    """What a client without an Origin shows when it connects (`app/tickets.py`)."""
    return tickets.give(current_app.config["SECRET_KEY"], handle, boards.clock.now_ms())


def takes_ticket(handle: str, ticket: object) -> bool:
    return tickets.take(current_app.config["SECRET_KEY"], handle, ticket, boards.clock.now_ms())


def cut(handle: str, reason: str) -> None:
    for listener in on_cut:
        listener(handle, reason)


def _proved(handle: str, token: str) -> tuple[Session, Person] | None:
    """The session and person of a handle whose token this is."""
    found = read(lambda c: session_rows.session_person(c, handle))
    return found if found and hmac.compare_digest(found[0].token_hash, hash_of(token)) else None


def session_here(handle: str) -> tuple[Session, Person] | None:
    """The session and person of a handle, locked or not, if this browser's cookie proves it. Needs a request."""
    token = dict(_held()).get(handle)
    return _proved(handle, token) if token else None
