"""Who a page is for: the seat its address names, if this browser's cookie proves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Request, abort, g, redirect, request, url_for
from flask_login import UserMixin, current_user

from app import seats
from app.extensions import login_manager
from app.store import accounts
from app.store.accounts import Person, Workshop


class Member(UserMixin):
    """A person as Flask-Login wants one."""

    def __init__(self, person: Person, handle: str) -> None:
        self.person, self.handle = person, handle

    def get_id(self) -> str:
        return self.handle


@login_manager.request_loader
def _load(asked: Request) -> Member | None:
    handle = (asked.view_args or {}).get("handle")
    person = seats.member_of_session(handle) if handle else None
    return Member(person, handle) if person and handle else None


def current_member() -> Person:
    person: Person = current_user.person
    return person


def needs_role(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For members of these roles (none: of any). Whoever else asks learns as much as of a page that does not exist."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            if not current_user.is_authenticated:
                return _locked_out(named.get("handle", ""))
            if roles and current_member().role not in roles:
                abort(404)
            return view(*arguments, **named)

        return guarded

    return decorate


def _locked_out(handle: str) -> Any:
    """The seat waits behind its PIN: the entrance asks for it. Any other address is as if it did not exist."""
    if request.method == "GET" and seats.session_here(handle):
        return redirect(url_for("door.landing"))
    abort(404)


def workshop() -> Workshop:
    """The workshop of the page's member."""
    if "workshop" not in g:
        of_member = current_member().workshop
        g.workshop = seats.read(lambda c: accounts.workshop(c, of_member))
    found: Workshop = g.workshop
    return found


def main_board() -> str:
    """The workshop's own board."""
    if "main_board" not in g:
        g.main_board = seats.main_board(workshop()) or abort(404)
    found: str = g.main_board
    return found


def board_id(asked: object = None) -> str:
    """The board that is asked for, by `?board=` unless named: the workshop's own, or its practice board."""
    asked = asked or request.args.get("board") or main_board()
    if not isinstance(asked, str) or not seats.may_open(current_member(), asked):
        abort(404)
    return asked
