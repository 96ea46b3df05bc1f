"""Coming in: the workshop's code, a seat code, a personal link, or asking at the door."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app import pins, seats
from app.pages.board import home_of
from app.pages.words import CATEGORIES, category_names, in_language, place_names, side_names
from app.store import accounts
from app.store.accounts import DoorRequest, Person, Workshop

pages = Blueprint("door", __name__)

# Wrong codes are counted per workshop, never per address: a whole room shares one. The right code always opens: with 45
# bits, whoever may guess a million times a day has one chance in a million to hit any of forty seats.
WRONG_CODES = RateLimitItemPerMinute(60)
# A room of forty arrives within a minute; a queue of thousands is somebody's script.
ASKERS = RateLimitItemPerMinute(120)
MOST_WAITING = 200
_limiter = MovingWindowRateLimiter(MemoryStorage())

NAME_CHARS = 80
NO_WORKSHOP = "no workshop"


@pages.get("/")
def landing() -> Any:
    return _landing()


def _landing(status: int = 200, **filled: Any) -> Any:
    held = [
        {
            "person": person,
            "workshop": _workshop(person),
            "handle": seat.handle,
            "home": home_of(person, seat.handle),
            "locked": seat.locked,
            "left": pins.MOST_TRIES - seat.tries,
        }
        for seat, person in reversed(seats.held_seats())
    ]
    return render_template("pages/landing.html", held=held, **filled), status


def _workshop(person: Person) -> Workshop:
    return seats.read(lambda c: accounts.workshop(c, person.workshop)) or abort(404)


@pages.post("/unlock/<handle>")
def unlock(handle: str) -> Any:
    """The phone came back to somebody who left a seat on it behind a PIN."""
    found = seats.session_here(handle) or abort(404)
    if pins.unlock(handle, request.form.get("pin", "")):
        return redirect(home_of(found[1], handle), 303)
    if seats.session_here(handle):
        return _landing(403, wrong_pin=handle)
    flash(_("Five wrong PINs: enter the seat’s own code to come back."), "danger")
    return redirect(url_for("door.landing"), 303)


@pages.post("/join")
def find() -> Any:
    """From a typed code to the workshop's door."""
    typed = request.form.get("code", "")
    found = seats.workshop_by_code(typed)
    if found:
        return redirect(url_for("door.join", code=found.code), 303)
    if not _limiter.hit(WRONG_CODES, NO_WORKSHOP):
        abort(429)
    error = _("No workshop has this code. Look at the wall or at your sheet, and try again.")
    return _landing(404, code=typed, error=error)


@pages.route("/join/<code>", methods=["GET", "POST"])
def join(code: str) -> Any:
    """The promise, then a seat code or a request at the door."""
    workshop = seats.workshop_by_code(code)
    if workshop is None:
        if not _limiter.hit(WRONG_CODES, NO_WORKSHOP):
            abort(429)
        abort(404)
    if request.method == "GET":
        return _door(workshop)
    return _ask(workshop) if request.form.get("ask") else _enter(workshop)


def _door(workshop: Workshop, status: int = 200, **filled: Any) -> Any:
    page = render_template(
        "pages/join.html",
        workshop=workshop,
        seat=request.values.get("seat", ""),
        **_questions(workshop),
        **filled,
    )
    return page, status


def _questions(workshop: Workshop) -> dict[str, Any]:
    """What the forms at the door offer to choose from."""
    tables = seats.tables_of(workshop)
    return {
        "tables": tables,
        "tables_named": [(table["id"], in_language(table["name"])) for table in tables],
        "sides": side_names(),
        "places": place_names(),
        "categories": CATEGORIES,
        "category_names": category_names(),
        "form": request.form,
    }


# --- with a seat code ---


def _enter(workshop: Workshop) -> Any:
    """Open the seat; whoever the list does not fully describe is asked for the rest, and only for that."""
    person = seats.person_by_seat_code(workshop, request.form.get("seat", ""))
    if person is None:
        if not _limiter.hit(WRONG_CODES, workshop.id):
            error = _("Too many wrong codes in this room just now. Wait a minute, or ask at the door.")
            return _door(workshop, 429, error=error)
        return _door(workshop, 404, error=_("No seat has this code. Check it on your sheet, sign by sign."))
    missing = _missing(workshop, person)
    if missing:
        given = {name: value for name, value in _answers(workshop).items() if name in missing and value}
        if any(name not in given for name in missing):
            return render_template(
                "pages/seat.html", workshop=workshop, missing=missing, **_questions(workshop)
            )
        seats.change_details(person, **given)
    return redirect(home_of(person, seats.open_for(person)), 303)


def _missing(workshop: Workshop, person: Person) -> list[str]:
    """What must be known of a seat before it is taken and is not."""
    wanted = {"side": person.side, "place": person.place, "table": person.table}
    if person.role != "participant":
        del wanted["side"]
    if not seats.tables_of(workshop):
        del wanted["table"]
    return [name for name, known in wanted.items() if not known]


def _answers(workshop: Workshop) -> dict[str, str | None]:
    """What a form says of a person, as far as it is one of the choices."""
    side = _one_of("side", side_names())
    return {
        "name": " ".join(request.form.get("name", "").split())[:NAME_CHARS] or None,
        "side": side,
        "category": _one_of("category", CATEGORIES.get(side or "", ())),
        "place": _one_of("place", place_names()),
        "table": _one_of("table", [table["id"] for table in seats.tables_of(workshop)]),
    }


def _one_of(field: str, choices: Any) -> str | None:
    value = request.form.get(field, "")
    return value if value in choices else None


# --- without one ---


def _ask(workshop: Workshop) -> Any:
    if workshop.door != accounts.ASK:
        abort(404)
    answers = _answers(workshop)
    if not answers["side"] or not answers["place"]:
        error = _("Say from which side you come and where you are.")
        return _door(workshop, 422, asking=True, error=error)
    full = len(seats.waiting_for(workshop)) >= MOST_WAITING
    if full or not _limiter.hit(ASKERS, "ask", workshop.id):
        return _door(
            workshop, 429, asking=True, error=_("Too many people are at the door. Speak to the facilitator.")
        )
    return redirect(url_for("door.wait", ticket=seats.ask_at_door(workshop, answers)), 303)


@pages.get("/door/<ticket>")
def wait(ticket: str) -> Any:
    asked = _request(ticket)
    if asked.state == "admitted":
        return _come_in(asked)
    workshop = seats.read(lambda c: accounts.workshop(c, asked.workshop))
    return render_template("pages/waiting.html", asked=asked, ticket=ticket, workshop=workshop)


@pages.get("/door/<ticket>.json")
def waiting(ticket: str) -> Any:
    return jsonify(state=_request(ticket).state)


def _request(ticket: str) -> DoorRequest:
    return seats.request_of(ticket) or abort(404)


def _come_in(asked: DoorRequest) -> Any:
    """The ticket opens the seat once; afterwards it is worth nothing."""
    person = seats.use_ticket(asked)
    if person is None or person.removed:
        abort(404)
    return redirect(home_of(person, seats.open_for(person)), 303)


# --- with a personal link ---


@pages.get("/l/<token>")
def personal_link(token: str) -> Any:
    person = seats.person_by_link(token)
    if person is None:
        abort(404)
    if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        # A preview is not a person: it must not move somebody's seat.
        return "", 204
    return redirect(home_of(person, seats.open_for(person)), 303)
