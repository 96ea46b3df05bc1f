"""Signing in with a name and a passphrase: staff's way in beside the personal link, and their seats in all workshops."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import accounts, sessions
from app.accounts import Account
from app.pages import choosing
from app.pages.board import home_of
from app.pages.keeping import made_on
from app.pages.member import current_member, needs_role, workshop
from app.pages.words import role_names

pages = Blueprint("account", __name__)


@pages.get("/sign-in")
def sign_in() -> Any:
    return redirect(url_for("account.page")) if accounts.signed_in() else _sign_in_page()


@pages.post("/sign-in")
def enter() -> Any:
    """A wrong passphrase and an unknown name have the same answer, after the same work."""
    try:
        account = choosing.signed_in()
    except choosing.NotDone as not_done:
        return _sign_in_page(not_done.status, error=not_done.sentence)
    accounts.sign_in(account)
    return redirect(url_for("account.page"), 303)


def _sign_in_page(status: int = 200, **filled: Any) -> Any:
    return render_template("pages/sign_in.html", form=request.form, **filled), status


# --- one's own seats ---


@pages.get("/account")
def page() -> Any:
    account = accounts.signed_in()
    return _page(account) if account else redirect(url_for("account.sign_in"))


def _page(account: Account, status: int = 200, **filled: Any) -> Any:
    return render_template(
        "pages/account.html",
        account=account,
        seats=accounts.seats_in_workshops(account),
        role_names=role_names(),
        made_on=made_on,
        **filled,
    ), status


def _signed_in() -> Account:
    return accounts.signed_in() or abort(404)


@pages.post("/account/enter/<person_id>")
def seat(person_id: str) -> Any:
    """Open one of one's seats in this browser."""
    own = {person.id: person for person in accounts.seats_of(_signed_in())}
    person = own.get(person_id) or abort(404)
    return redirect(home_of(person, sessions.held_for(person) or sessions.open_for(person)), 303)


@pages.post("/account/passphrase")
def change() -> Any:
    account = _signed_in()
    try:
        choosing.changed(account)
    except choosing.NotDone as not_done:
        return _page(account, not_done.status, error=not_done.sentence, wrong=not_done.field)
    flash(_("You have a new passphrase. Other devices were signed out."), "good")
    return redirect(url_for("account.page"), 303)


@pages.post("/account/leave")
def leave() -> Any:
    """Sign out, in this browser or everywhere."""
    account = _signed_in()
    if request.form.get("where") == "everywhere":
        accounts.sign_out_everywhere(account)
        flash(_("You are signed out on every device."), "good")
    else:
        accounts.sign_out(account)
        flash(_("You are signed out in this browser."), "good")
    return redirect(url_for("door.landing"), 303)


# --- a name and a passphrase for the seat one came to by a link ---


@pages.get("/b/<handle>/account")
@needs_role(*accounts.ROLES)
def for_seat(handle: str) -> Any:
    return _for_seat(handle)


def _for_seat(handle: str, status: int = 200, **filled: Any) -> Any:
    _may_choose()
    return render_template(
        "pages/seat_account.html",
        handle=handle,
        workshop=workshop(),
        account=accounts.account_of(current_member()),
        signed_in=accounts.signed_in(),
        home=home_of(current_member(), handle),
        form=request.form,
        **filled,
    ), status


def _may_choose() -> None:
    """A participant who facilitates for a while has the role, and no account."""
    if not accounts.may_have_account(current_member()):
        abort(404)


@pages.post("/b/<handle>/account")
@needs_role(*accounts.ROLES)
def choose(handle: str) -> Any:
    """Choose a name and a passphrase, or add the seat to the account that is signed in here."""
    _may_choose()
    person, signed_in = current_member(), accounts.signed_in()
    if accounts.account_of(person):
        return redirect(url_for("account.for_seat", handle=handle), 303)
    try:
        if request.form.get("add") and signed_in:
            accounts.add_seat(signed_in, person)
            account = signed_in
        else:
            account = choosing.chosen(person)
    except choosing.NotDone as not_done:
        return _for_seat(handle, not_done.status, error=not_done.sentence, wrong=not_done.field)
    accounts.sign_in(account)
    sessions.open_for(person)  # one may do more now: a new token, and the other tabs come back with it
    flash(_("From now on you can sign in as %(name)s on any device.", name=account.name), "good")
    return redirect(url_for("account.for_seat", handle=handle), 303)
