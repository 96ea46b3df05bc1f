"""The door of a workshop, for those who set it and let people in: its mode, its places, its queue; and what staff's links ask."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from app import admission, seats
from app.domain.passphrases import LEAST_WORD, spoken
from app.domain.records import HOSTS
from app.pages.member import needs_role, workshop
from app.pages.words import category_names
from app.store import doors
from app.store.doors import DoorRequest
from app.store.workshops import ASK, DOORS, OPEN, SEATS_ONLY, WORD

pages = Blueprint("entry", __name__, url_prefix="/b/<handle>")


def modes() -> list[tuple[str, str, str]]:
    """The modes of the door: value, name, and what each means for who is counted."""
    return [
        (SEATS_ONLY, _("stays outside"), _("Seats are those of the list: each person is counted once.")),
        (ASK, _("may ask at the door"), _("You let each one in, and see who comes twice.")),
        (
            WORD,
            _("comes in with a word"),
            _("Whoever hears the word takes a seat. You trust the room: somebody could take two."),
        ),
        (
            OPEN,
            _("takes a seat at once"),
            _(
                "The code on the wall is enough, from anywhere. Nothing hinders somebody from taking several seats."
            ),
        ),
    ]


@pages.post("/people/entry")
@needs_role(*HOSTS)
def choose(handle: str) -> Any:
    """Choose who comes in without a seat code, and up to how many seats there are."""
    mode, places, word = (request.form.get(field, "").strip() for field in ("door", "places", "word"))
    if mode not in DOORS:
        abort(400)
    if not places.isascii() or not places.isdigit() or not 1 <= int(places) <= admission.MOST_PLACES:
        flash(
            _("Say how many seats there are at most: from 1 to %(most)s.", most=admission.MOST_PLACES),
            "danger",
        )
    elif word and len(spoken(word)) < LEAST_WORD:
        flash(_("The word needs at least %(least)s letters or digits.", least=LEAST_WORD), "danger")
    elif mode == WORD and not word and not admission.door_of(workshop()).has_word:
        flash(_("Choose the word that you will say in the room."), "danger")
    else:
        admission.set_door(workshop(), mode, int(places), word)
        flash(_said_of(mode), "good")
    return _back(handle)


def _said_of(mode: str) -> str:
    return {
        OPEN: _("Whoever has the workshop’s code takes a seat at once."),
        WORD: _("Whoever knows the word takes a seat. Say it in the room; do not write it beside the code."),
        ASK: _("People may ask at the door."),
        SEATS_ONLY: _("Only seat codes and links open the workshop now."),
    }[mode]


@pages.post("/people/links")
@needs_role(*HOSTS)
def links(handle: str) -> Any:
    """Choose whether links of staff ask for the passphrase, too."""
    asks = bool(request.form.get("links_ask"))
    admission.set_links_ask(workshop(), asks)
    flash(
        _("A link of staff alone opens nothing now: it asks for the passphrase.")
        if asks
        else _("Links of staff open their seats again."),
        "good",
    )
    return _back(handle)


# --- who waits ---


@pages.get("/door")
@needs_role(*HOSTS)
def waiting(handle: str) -> Any:
    """Who waits, for the console."""
    return jsonify([_asker(asked) for asked in admission.waiting_for(workshop())])


def _asker(asked: DoorRequest) -> dict[str, Any]:
    category = str(asked.answers.get("category") or "")
    known = {
        **asked.answers,
        "name": asked.answers.get("name") or _("No name given"),
        "category": category_names().get(category, category),
    }
    return {"id": asked.id, "asked_at": asked.asked_at_ms, **known}


@pages.post("/door/<request_id>")
@needs_role(*HOSTS)
def decide(handle: str, request_id: str) -> Any:
    given = request.get_json(silent=True) or request.form
    decision, table = given.get("decision"), given.get("table")
    asked = seats.read(lambda c: doors.request(c, request_id))
    if asked is None or asked.workshop != workshop().id or asked.state != "waiting":
        abort(404)
    if table and table not in [known["id"] for known in seats.tables_of(workshop())]:
        abort(400)
    if decision == "admit":
        try:
            decided = admission.admit(asked, table) is not None
        except admission.Full:
            return _full(handle)
    elif decision == "refuse":
        decided = admission.refuse(asked)
    else:
        abort(400)
    if not decided:
        abort(404)  # another facilitator was faster
    return jsonify(state=decision) if request.is_json else _back(handle)


def _full(handle: str) -> Any:
    """Nobody is let in beyond the places there are; whoever waits goes on waiting."""
    sentence = _("All places are taken. Raise their number on “People and codes”, then let people in.")
    if request.is_json:
        return jsonify(error=sentence), 409
    flash(sentence, "danger")
    return _back(handle)


def _back(handle: str) -> Any:
    return redirect(url_for("people.people", handle=handle), 303)
