"""Coming in: the workshop's code, a seat code, a personal link, or asking at the door."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app import seats
from app.pages.board import home_of
from app.store import accounts
from app.store.accounts import DoorRequest, Workshop

pages = Blueprint("door", __name__)

# Wrong codes are counted per workshop, never per address: a whole room shares one. The right code always opens.
WRONG_CODES = RateLimitItemPerMinute(60)
_wrong = FixedWindowRateLimiter(MemoryStorage())

SIDES = ("internal", "external")
PLACES = ("room", "remote")
MOST_WAITING = 200


@pages.get("/")
def landing() -> Any:
    return render_template("pages/landing.html")


@pages.post("/join")
def find() -> Any:
    """From a typed code to the workshop's door."""
    code = seats.tidy_code(request.form.get("code", ""))
    if not seats.read(lambda c: accounts.workshop_by_code(c, code)):
        flash(_("No workshop has this code. Look at the wall or your sheet, and try again."), "danger")
        return render_template("pages/landing.html", code=request.form.get("code", "")), 404
    return redirect(url_for("door.join", code=code), 303)


@pages.route("/join/<code>", methods=["GET", "POST"])
def join(code: str) -> Any:
    """The promise, then a seat code or a request at the door."""
    workshop = seats.read(lambda c: accounts.workshop_by_code(c, seats.tidy_code(code)))
    if workshop is None:
        abort(404)
    if request.method == "GET":
        return _door(workshop)
    return _ask(workshop) if request.form.get("ask") else _enter(workshop)


def _door(workshop: Workshop, status: int = 200, **filled: Any) -> Any:
    tables = seats.tables_of(workshop)
    page = render_template(
        "pages/join.html", workshop=workshop, tables=tables, form=request.form, args=request.args, **filled
    )
    return page, status


def _enter(workshop: Workshop) -> Any:
    typed = request.form.get("seat", "")
    person = seats.person_by_seat_code(workshop, typed)
    if person is None:
        if not _wrong.hit(WRONG_CODES, workshop.id):
            flash(_("Too many wrong codes just now. Wait a minute, or ask at the door."), "danger")
            return _door(workshop, 429)
        flash(_("No seat has this code. Check it on your sheet, letter by letter."), "danger")
        return _door(workshop, 404)
    return redirect(home_of(person.role, seats.open_for(person)), 303)


def _ask(workshop: Workshop) -> Any:
    answers = {
        "name": request.form.get("name", "").strip()[:80],
        "side": request.form.get("side", ""),
        "category": request.form.get("category", "").strip()[:60],
        "place": request.form.get("place", ""),
        "table": request.form.get("table", "") or None,
    }
    wanted = (answers["side"] in SIDES, answers["place"] in PLACES)
    known_tables = {table["id"] for table in seats.tables_of(workshop)}
    if not all(wanted) or (answers["table"] and answers["table"] not in known_tables):
        flash(
            _("Say whether you are from inside or outside the administration, and where you are."), "danger"
        )
        return _door(workshop, 422, asking=True)
    if len(seats.read(lambda c: accounts.waiting(c, workshop.id))) >= MOST_WAITING:
        flash(_("Too many people wait at the door. Speak to the facilitator."), "danger")
        return _door(workshop, 429, asking=True)
    return redirect(url_for("door.wait", ticket=seats.ask_at_door(workshop, answers)), 303)


@pages.get("/door/<ticket>")
def wait(ticket: str) -> Any:
    asked = _request(ticket)
    if asked.state == "admitted" and asked.person:
        return _come_in(asked)
    workshop = seats.read(lambda c: accounts.workshop(c, asked.workshop))
    return render_template("pages/waiting.html", asked=asked, workshop=workshop)


@pages.get("/door/<ticket>.json")
def waiting(ticket: str) -> Any:
    return jsonify(state=_request(ticket).state)


def _request(ticket: str) -> DoorRequest:
    found = seats.read(lambda c: accounts.request(c, ticket))
    if found is None:
        abort(404)
    return found


def _come_in(asked: DoorRequest) -> Any:
    """The ticket opens the seat once; afterwards it is worth nothing."""
    person = seats.use_ticket(asked)
    if person is None:
        abort(404)
    return redirect(home_of(person.role, seats.open_for(person)), 303)


@pages.get("/l/<token>")
def personal_link(token: str) -> Any:
    person = seats.person_by_link(token)
    if person is None:
        abort(404)
    handle = seats.open_for(person)
    if request.args.get("to") == "wall":
        return redirect(url_for("board.wall", handle=handle), 303)
    return redirect(home_of(person.role, handle), 303)
