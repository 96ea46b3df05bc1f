"""Accounts of staff: a name and a passphrase for one's seats in several workshops, beside the personal links. Participants have
none: a seat that votes must not hang on somebody who can be asked for a password.

Knows the seats and their sessions; shows nothing (that is `pages/`). What a passphrase may be is `domain/passphrases.py`.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from functools import partial

from flask import session
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app import hashing, seats, sessions
from app.boards import boards
from app.domain import passphrases
from app.store import accounts as account_rows
from app.store import doors
from app.store import sessions as session_rows
from app.store import workshops as workshop_rows
from app.store.accounts import NAME_CHARS, Account
from app.store.people import WALL, Person
from app.store.workshops import Workshop

ROLES = ("facilitator", "expert", "rapporteur", "administrator")
LEAST_NAME = 3
# Below what a cookie has room for beside the seats.
MOST_KNOWN = 5


class NotTaken(ValueError):
    """A name or passphrase that cannot be had; the text is its code: name, taken, short, long, common."""


def may_have_account(person: Person) -> bool:
    """Whether a seat can belong to an account: staff by the list, never a participant who facilitates for a while."""
    return (person.usual_role or person.role) in ROLES and person.device != WALL and not person.simulated


def account_of(person: Person) -> Account | None:
    return seats.read(lambda c: account_rows.account_of(c, person.id))


def with_account(people: list[Person]) -> set[str]:
    """The ids of those of these people who have a passphrase."""
    return seats.read(lambda c: account_rows.with_account(c, [person.id for person in people]))


def asks_for_passphrase(person: Person) -> bool:
    """Whether this person's link alone opens nothing."""
    return may_have_account(person) and seats.read(lambda c: doors.door(c, person.workshop)).links_ask


def tidy_name(name: str) -> str:
    """A sign-in name in its one spelling: capitals and spaces do not matter."""
    printable = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFKC", name))
    return " ".join(printable.split()).casefold()


# --- choosing ---


def choose(person: Person, name: str, passphrase: str) -> Account:
    """Give a seat to the account of this name: a new one, or the one that the passphrase opens.

    Raises: NotTaken.
    """
    name, passphrase = tidy_name(name), passphrases.tidy(passphrase)
    if not LEAST_NAME <= len(name) <= NAME_CHARS:
        raise NotTaken("name")
    known = seats.read(lambda c: account_rows.account_by_name(c, name))
    if known:
        if not is_right(known, passphrase):
            raise NotTaken("taken")
        add_seat(known, person)
        return known
    lock = _new_lock(name, passphrase)
    account = Account(seats.new_id(), name)

    def work(connection: Connection) -> None:
        account_rows.add(connection, account, lock)
        account_rows.take_seat(connection, person.id)
        account_rows.give_seat(connection, account.id, person.id)

    try:
        boards.write(work)
    except IntegrityError:
        raise NotTaken("taken") from None  # somebody chose the name in the same moment
    return account


def _new_lock(name: str, passphrase: str) -> hashing.Lock:
    """Raises: NotTaken when it is too short, too long or too common."""
    if fault := passphrases.fault(passphrase, name):
        raise NotTaken(fault)
    return hashing.made(passphrase)


def add_seat(account: Account, person: Person) -> None:
    """One more seat for an account whose owner is here."""

    def work(connection: Connection) -> None:
        if account_rows.account_of(connection, person.id) != account:
            account_rows.take_seat(connection, person.id)
            account_rows.give_seat(connection, account.id, person.id)

    boards.write(work)


def change_passphrase(account: Account, passphrase: str) -> None:
    """A new passphrase; whoever is signed in elsewhere is signed out. Needs a request. Raises: NotTaken."""
    lock = _new_lock(account.name, passphrases.tidy(passphrase))
    boards.write(lambda c: account_rows.change_lock(c, account.id, lock))
    _end(account, but=[held for person in seats_of(account) if (held := sessions.held_for(person))])
    sign_in(account)


# --- signing in and out ---


def check(name: str, passphrase: str) -> Account | None:
    """The account that these open. An unknown name costs as much as a wrong passphrase."""
    account = seats.read(lambda c: account_rows.account_by_name(c, tidy_name(name)))
    return account if is_right(account, passphrases.tidy(passphrase)) else None


def is_right(account: Account | None, passphrase: str) -> bool:
    """Whether it is the account's passphrase; one that was kept for less work is kept anew."""
    lock = seats.read(lambda c: account_rows.lock_of(c, account.id)) if account else None
    fits = hashing.opens(lock, passphrases.tidy(passphrase))
    if account and lock and fits and lock.is_weak:
        stronger = hashing.made(passphrases.tidy(passphrase))
        boards.write(lambda c: account_rows.change_lock(c, account.id, stronger))
    return fits


def sign_in(account: Account) -> None:
    """Sign this browser in, with a token that nobody had before. Needs a request."""
    handle, token, before = seats.new_id(), secrets.token_urlsafe(32), _shown()

    def work(connection: Connection) -> None:
        if before:
            account_rows.close_session(connection, before[0])
        account_rows.open_session(connection, handle, sessions.hash_of(token), account.id)

    boards.write(work)
    session["account"] = [handle, token]
    known = session.get("known") or {}
    session["known"] = dict(
        [*known.items(), (account.id, known.get(account.id) or seats.new_id())][-MOST_KNOWN:]
    )
    session.permanent = True


def known_here(name: str) -> Account | None:
    """The account of this name if this browser was signed in to it before; of others nothing is said."""
    account = seats.read(lambda c: account_rows.account_by_name(c, tidy_name(name)))
    return account if mark_here(account) else None


def mark_here(account: Account | None) -> str:
    """What tells a browser that was signed in to this account before from a stranger's, which guesses; "" for strangers."""
    return str((session.get("known") or {}).get(account.id, "")) if account else ""


def signed_in() -> Account | None:
    """Who is signed in in this browser. Needs a request."""
    shown = _shown()
    return (
        seats.read(lambda c: account_rows.account_of_session(c, shown[0], sessions.hash_of(shown[1])))
        if shown
        else None
    )


def _shown() -> tuple[str, str] | None:
    found = session.get("account")
    return (found[0], found[1]) if isinstance(found, list) and len(found) == 2 else None


def sign_out(account: Account) -> None:
    """Sign this browser out, and close the account's seats in it: every tab is cut."""
    for person in seats_of(account):
        if handle := sessions.held_for(person):
            sessions.leave(handle)
    if shown := _shown():
        boards.write(lambda c: account_rows.close_session(c, shown[0]))
    session.pop("account", None)


def sign_out_everywhere(account: Account) -> None:
    """Close the account's seats on every device, and sign every browser out."""
    _end(account)
    session.pop("account", None)


def _end(account: Account, but: Collection[str] = ()) -> None:
    """End what is open for an account, but for these seats, which get new tokens."""

    def work(connection: Connection) -> list[str]:
        account_rows.close_sessions(connection, account.id)
        ended = [
            h
            for p in account_rows.seats_of(connection, account.id)
            for h in session_rows.handles_of(connection, p.id)
        ]
        for handle in ended:
            if handle not in but:
                session_rows.close_session(connection, handle)
        return ended

    for handle in boards.write(work):
        if handle not in but:
            sessions.cut(handle, "removed")
        elif sessions.renew(handle):
            sessions.after_answer(partial(sessions.cut, handle, "restart"))


# --- looking around ---


def seats_of(account: Account) -> list[Person]:
    """Its seats, in the order of their workshops."""
    return seats.read(lambda c: account_rows.seats_of(c, account.id))


def seats_in_workshops(account: Account) -> list[tuple[Person, Workshop]]:
    found = [(p, seats.read(lambda c, p=p: workshop_rows.workshop(c, p.workshop))) for p in seats_of(account)]  # type: ignore[misc]
    return [(person, workshop) for person, workshop in found if workshop]


def forget(name: str) -> list[Person] | None:
    """Delete an account whose passphrase is lost; returns its seats, whose links let their person choose anew."""
    account = seats.read(lambda c: account_rows.account_by_name(c, tidy_name(name)))
    if account is None:
        return None
    freed = seats_of(account)
    _end(account)
    boards.write(lambda c: account_rows.forget(c, account.id))
    return freed
