"""What the forms about passphrases have in common: the tries they have, and what they say when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import request
from flask_babel import gettext as _
from limits import RateLimitItem

from app import accounts, hashing, tries
from app.accounts import NAME_CHARS, Account
from app.domain.passphrases import LEAST, MOST
from app.store.people import Person


class NotDone(Exception):
    """Nothing was opened or changed. `field` is the form's field that is wrong; what else was typed is shown again."""

    def __init__(self, status: int, field: str, sentence: str) -> None:
        super().__init__(field)
        self.status, self.field, self.sentence = status, field, sentence


def chosen(person: Person) -> Account:
    """The account that a form chooses for a seat: a new one, or one's own from another workshop. Raises: NotDone."""
    name = request.form.get("name", "")
    with _tries(accounts.tidy_name(name), None) as wrong:
        try:
            return accounts.choose(person, name, request.form.get("passphrase", ""))
        except accounts.NotTaken as not_taken:
            if str(not_taken) == "taken":
                wrong()
            field = _FIELDS.get(str(not_taken), "passphrase")
            raise NotDone(422, field, _sentence(str(not_taken))) from None


def proved(person: Person) -> Account:
    """The account of a seat, if the form holds its passphrase. Raises: NotDone."""
    account = accounts.account_of(person)
    with _tries(account.name if account else "", account, "link", person.workshop) as wrong:
        if account and accounts.is_right(account, request.form.get("passphrase", "")):
            return account
        wrong()
    raise NotDone(403, "passphrase", _("This is not the passphrase. Forgotten? Ask for a new link."))


def signed_in() -> Account:
    """The account that the form's name and passphrase open. Raises: NotDone, alike for an unknown name."""
    name = request.form.get("name", "")
    with _tries(accounts.tidy_name(name), accounts.known_here(name), "sign-in") as wrong:
        account = accounts.check(name, request.form.get("passphrase", ""))
        if account:
            return account
        wrong()
    raise NotDone(403, "passphrase", _("This name and this passphrase do not belong together. Try again."))


def changed(account: Account) -> None:
    """Put the form's new passphrase in the place of the present one. Raises: NotDone."""
    with _tries(account.name, account) as wrong:
        if not accounts.is_right(account, request.form.get("passphrase", "")):
            wrong()
            raise NotDone(403, "passphrase", _("This is not your present passphrase."))
    try:
        accounts.change_passphrase(account, request.form.get("fresh", ""))
    except accounts.NotTaken as not_taken:
        raise NotDone(422, "fresh", _sentence(str(not_taken))) from None


@contextmanager
def _tries(name: str, account: Account | None, *everybody: str) -> Iterator[Callable[[], None]]:
    """A try, if one is left of one name's, and of those of all strangers of a workshop (or at the sign-in page) together; gives
    what to call when it was wrong. Raises: NotDone.

    A browser that was signed in to the account before is counted apart: strangers cannot use its tries up.
    """
    mark = accounts.mark_here(account)
    limits: list[tuple[RateLimitItem, tuple[str, ...]]] = [
        (tries.WRONG_PASSPHRASES, ("passphrase", name, mark))
    ]
    if everybody and not mark:
        limits.append((tries.WRONG_SIGN_INS, ("passphrases", *everybody)))

    def wrong() -> None:
        for limit, whose in limits:
            tries.count(limit, *whose)

    with hashing.turn():
        if not all(tries.are_left(limit, *whose) for limit, whose in limits):
            raise NotDone(
                429,
                "passphrase",
                _(
                    "Too many wrong tries. Wait a while, or come by your personal link; the administrator can give you a new one."
                ),
            )
        yield wrong


_FIELDS = {"name": "name", "taken": "name"}


def _sentence(code: str) -> str:
    sentences = {
        "name": _(
            "A sign-in name has 3 to %(most)s letters, digits or signs: your name, or your e-mail address.",
            most=NAME_CHARS,
        ),
        "taken": _(
            "This name belongs to somebody with another passphrase. If it is you, type that passphrase; else choose another name."
        ),
        "short": _("At least %(least)s characters, please: four or five words are good.", least=LEAST),
        "long": _("At most %(most)s characters, please.", most=MOST),
        "common": _(
            "This is among the first that somebody would try: common words, your own name, or a row of signs. "
            "Add words that only you would think of."
        ),
    }
    return sentences[code]
