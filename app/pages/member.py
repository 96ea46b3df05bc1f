"""Who a page is for: the seat its address names, if this browser's cookie proves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Request, abort, g, redirect, render_template, request, url_for
from flask_login import UserMixin, current_user

from app import seats, sessions
from app.extensions import login_manager
from app.store import workshops as workshop_rows
from app.store.people import Person
from app.store.workshops import Workshop

AGAIN = "again"


class Member(UserMixin):
    """A person as Flask-Login wants one."""

    def __init__(self, person: Person, handle: str) -> None:
        self.person, self.handle = person, handle

    def get_id(self) -> str:
        return self.handle


@login_manager.request_loader
def _load(asked: Request) -> Member | None:
    handle = (asked.view_args or {}).get("handle")
    found = sessions.session_here(handle) if handle else None
    if not handle or not found or found[0].locked:
        return None
    if found[0].due and not sessions.renew(handle):
        return None
    return Member(found[1], handle)


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
    """The seat waits behind its PIN: the entrance asks for it. Any other address is as if it did not exist.

    A page that was asked for with the token before, because another tab's answer was still under way, asks once more.
    """
    if request.method == "GET" and sessions.session_here(handle):
        return redirect(url_for("door.landing"))
    if request.method == "GET" and AGAIN not in request.args and sessions.is_renewed(handle):
        again = f"{request.path}?{urlencode({**request.args, AGAIN: '1'})}"
        return render_template("pages/moment.html", again=again), 409, {"Refresh": f"1; url={again}"}
    abort(404)


def workshop() -> Workshop:
    """The workshop of the page's member."""
    if "workshop" not in g:
        of_member = current_member().workshop
        g.workshop = seats.read(lambda c: workshop_rows.workshop(c, of_member))
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
