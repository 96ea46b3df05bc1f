"""Coming in: the workshop's code, a seat code, a personal link, or the door as the facilitator has set it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import accounts, admission, codes, hashing, members, pins, seats, sessions, tries
from app.pages import choosing, errors
from app.pages.board import home_of
from app.pages.words import CATEGORIES, category_names, in_language, place_names, side_names
from app.store import workshops as workshop_rows
from app.store.doors import DoorRequest
from app.store.people import Person
from app.store.workshops import ASK, SEATS_ONLY, WORD, Workshop

pages = Blueprint("door", __name__)

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
        for seat, person in reversed(sessions.held_seats())
    ]
    return render_template("pages/landing.html", held=held, **filled), status


def _workshop(person: Person) -> Workshop:
    return seats.read(lambda c: workshop_rows.workshop(c, person.workshop)) or abort(404)


@pages.post("/unlock/<handle>")
def unlock(handle: str) -> Any:
    """The phone came back to somebody who left a seat on it behind a PIN."""
    found = sessions.session_here(handle) or abort(404)
    if pins.unlock(handle, request.form.get("pin", "")):
        return redirect(home_of(found[1], handle), 303)
    if sessions.session_here(handle):
        return _landing(403, wrong_pin=handle)
    return redirect(url_for("door.join", code=_workshop(found[1]).code, pins="wrong"), 303)


@pages.post("/join")
def find() -> Any:
    """From a typed code to the workshop's door."""
    return redirect(url_for("door.join", code=workshop_at(request.form.get("code", "")).code), 303)


@pages.route("/join/<code>", methods=["GET", "POST"])
def join(code: str) -> Any:
    """The promise, then a seat code or a request at the door."""
    workshop = workshop_at(code)
    if request.method == "GET":
        return _door(workshop, error=_after_wrong_pins())
    return _ask(workshop) if request.form.get("ask") else _enter(workshop)


def _after_wrong_pins() -> str | None:
    """Said beside the field that is asked for, which on a phone is far below the top of the page."""
    if request.args.get("pins") != "wrong":
        return None
    return _("Five wrong PINs: enter the seat’s own code to come back.")


def workshop_at(code: str) -> Workshop:
    """The workshop that a code names, typed or in an address of an older sheet; whoever tries codes is slowed down."""
    workshop = codes.workshop_by_code(code)
    if workshop is None:
        if not tries.count(tries.WRONG_CODES, NO_WORKSHOP):
            abort(429)
        error = _("No workshop has this code. Look at the wall or at your sheet, and try again.")
        abort(make_response(_landing(404, code=code, error=error)))
    return workshop


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
    person = codes.person_by_seat_code(workshop, request.form.get("seat", ""))
    if person is None:
        if not tries.count(tries.WRONG_CODES, workshop.id):
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
        members.change_details(person, **given)
    return redirect(home_of(person, sessions.open_for(person)), 303)


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
    """At once, with the word, or by asking: whichever the door is set to."""
    if workshop.door == SEATS_ONLY:
        abort(404)
    if held := _unlocked_here(workshop):
        flash(_("This browser has a seat in this workshop already. One person has one seat."))
        return redirect(home_of(held[1], held[0]), 303)
    sessions.find_room()
    answers = _answers(workshop)
    if not answers["side"] or not answers["place"]:
        return _door(workshop, 422, asking=True, error=_("Say from which side you come and where you are."))
    if not tries.count(tries.ASKERS, "ask", workshop.id):
        return _crowded(workshop)
    if workshop.door == ASK:
        return _queue(workshop, answers)
    if workshop.door == WORD and (turned_away := _by_word(workshop, answers)):
        return turned_away
    try:
        person = admission.take_seat(workshop, answers)
    except admission.Full:
        flash(_("All places of this workshop are taken. The facilitator sees that you are waiting."))
        return _queue(workshop, answers)
    return redirect(home_of(person, sessions.open_for(person)), 303)


def _unlocked_here(workshop: Workshop) -> tuple[str, Person] | None:
    """A participant's seat of this workshop that is open in this browser: on a shared phone the others wait behind their PINs."""
    return next(
        (
            (seat.handle, person)
            for seat, person in sessions.held_seats()
            if person.workshop == workshop.id and person.role == "participant" and not seat.locked
        ),
        None,
    )


def _by_word(workshop: Workshop, answers: dict[str, str | None]) -> Any:
    """What whoever has not the word is answered; nothing for those who have it."""
    with hashing.turn():
        is_left = tries.are_left(tries.WRONG_WORDS, "word", workshop.id)
        if is_left and admission.is_word(workshop, request.form.get("word", "")):
            return None
        if is_left:
            tries.count(tries.WRONG_WORDS, "word", workshop.id)
    if not is_left:
        # Somebody is guessing: from now on a person decides.
        flash(_("Too many wrong words were tried just now, so the facilitator lets people in one by one."))
        return _queue(workshop, answers)
    error = _(
        "This is not the word. Ask your neighbour, or listen for it; capitals and accents do not matter."
    )
    return _door(workshop, 403, asking=True, error=error)


def _queue(workshop: Workshop, answers: dict[str, str | None]) -> Any:
    try:
        ticket = admission.ask_at_door(workshop, answers)
    except admission.Full:
        return _crowded(workshop)
    return redirect(url_for("door.wait", ticket=ticket), 303)


def _crowded(workshop: Workshop) -> Any:
    error = _("Too many people are at the door. Wait a minute, or speak to the facilitator.")
    return _door(workshop, 429, asking=True, error=error)


@pages.get("/door/<ticket>")
def wait(ticket: str) -> Any:
    asked = _request(ticket)
    if _is_preview():
        return "", 204
    if asked.state == "admitted":
        return _come_in(asked)
    workshop = seats.read(lambda c: workshop_rows.workshop(c, asked.workshop))
    return render_template("pages/waiting.html", asked=asked, ticket=ticket, workshop=workshop)


@pages.get("/door/<ticket>.json")
def waiting(ticket: str) -> Any:
    return jsonify(state=_request(ticket).state)


def _request(ticket: str) -> DoorRequest:
    return admission.request_of(ticket) or abort(404)


def _come_in(asked: DoorRequest) -> Any:
    """The ticket opens the seat until a page of the seat was opened; afterwards it is worth nothing."""
    person = admission.seat_for(asked)
    if person is None or person.removed:
        abort(404)
    return redirect(home_of(person, sessions.open_for(person)), 303)


def _is_preview() -> bool:
    """A preview is not a person: it must not move somebody's seat."""
    return request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", "")


# --- with a personal link ---


@pages.get("/l/<token>")
def personal_link(token: str) -> Any:
    person = _linked(token)
    if _is_preview():
        return "", 204
    if accounts.asks_for_passphrase(person):
        return _ask_passphrase(person)
    return redirect(home_of(person, sessions.open_for(person)), 303)


@pages.post("/l/<token>")
def with_passphrase(token: str) -> Any:
    """The link of somebody of the staff, with the passphrase that the workshop asks for beside it, or a first one."""
    person = _linked(token)
    if not accounts.asks_for_passphrase(person):
        return redirect(url_for("door.personal_link", token=token), 303)
    try:
        account = choosing.chosen(person) if accounts.account_of(person) is None else choosing.proved(person)
    except choosing.NotDone as not_done:
        return _ask_passphrase(person, not_done.status, error=not_done.sentence, wrong=not_done.field)
    accounts.sign_in(account)
    return redirect(home_of(person, sessions.open_for(person)), 303)


def _linked(token: str) -> Person:
    """Whose link it is. One that is worth nothing any more says so to whoever still has it in an e-mail."""
    person = codes.person_by_link(token)
    if person is None:
        title = _("This link opens nothing")
        text = _(
            "It was replaced by a new one, or cut short when it was copied. Nothing is lost: ask the "
            "facilitator for your new link, or enter with your code."
        )
        abort(make_response(errors.answer(404, (title, text))))
    return person


def _ask_passphrase(person: Person, status: int = 200, **filled: Any) -> Any:
    return render_template(
        "pages/ask_passphrase.html",
        person=person,
        workshop=_workshop(person),
        account=accounts.account_of(person),
        form=request.form,
        **filled,
    ), status
