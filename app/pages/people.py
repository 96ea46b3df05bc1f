"""Seats, codes, links, roles and the door, for the facilitator and the administrator. About seats, never about what they do."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import seats
from app.domain.errors import Rejected
from app.domain.records import ROLES
from app.domain.wording import clean
from app.pages.board import base_url, qr_code
from app.pages.door import NAME_CHARS
from app.pages.member import current_member, needs_role, workshop
from app.pages.words import (
    CATEGORIES,
    category_names,
    in_language,
    name_of,
    place_names,
    role_names,
    side_names,
)
from app.store import accounts
from app.store.accounts import ASK, SEATS_ONLY, DoorRequest, Person

pages = Blueprint("people", __name__, url_prefix="/b/<handle>")

HOSTS = ("facilitator", "administrator")


def _words() -> dict[str, Any]:
    """The names of roles, sides and places, and the tables there are."""
    tables = seats.tables_of(workshop())
    return {
        "role_names": role_names(),
        "side_names": side_names(),
        "place_names": place_names(),
        "category_names": category_names(),
        "categories": CATEGORIES,
        "tables": {table["id"]: table["name"] for table in tables},
        "tables_named": [(table["id"], in_language(table["name"])) for table in tables],
    }


# --- the list ---


@pages.get("/people")
@needs_role(*HOSTS)
def people(handle: str) -> Any:
    real = [person for person in seats.members_of(workshop()) if not person.simulated]
    staff = [person for person in real if person.role != "participant"]
    seated = sorted(
        (p for p in real if p.role == "participant"), key=lambda p: (p.table or "\uffff", p.number)
    )
    return render_template(
        "pages/people.html",
        handle=handle,
        workshop=workshop(),
        staff=staff,
        by_table=[(table, list(some)) for table, some in groupby(seated, key=lambda person: person.table)],
        seats_count=len(seated),
        waiting=seats.waiting_for(workshop()),
        join_url=f"{base_url()}/join/{workshop().code}",
        door_is_open=workshop().door == ASK,
        me=current_member(),
        **_words(),
    )


@pages.get("/people/sheets")
@needs_role(*HOSTS)
def sheets(handle: str) -> Any:
    """Seat codes and QR codes to print and cut."""
    listed = [person for person in seats.members_of(workshop()) if seats.has_seat_code(person)]
    listed.sort(key=lambda person: (person.table or "\uffff", person.number))
    shown = [
        {
            "person": person,
            "mark": seats.seat_mark(person) if person.role == "participant" else "",
            "code": seats.seat_code(person),
            "qr": _seat_qr(person),
        }
        for person in listed
    ]
    return render_template(
        "pages/sheets.html", handle=handle, workshop=workshop(), sheets=shown, place=base_url(), **_words()
    )


def _seat_qr(person: Person) -> str:
    return qr_code(f"{base_url()}/join/{workshop().code}?seat={seats.seat_code(person)}")


@pages.post("/people/code")
@needs_role(*HOSTS)
def new_code(handle: str) -> Any:
    seats.change_code(workshop())
    flash(_("The workshop has a new code. Show or print it again."), "good")
    return _back(handle)


@pages.post("/people/entry")
@needs_role(*HOSTS)
def entry(handle: str) -> Any:
    """Open or close the door to people without a seat code."""
    opened = request.form.get("door") == ASK
    seats.set_door(workshop(), ASK if opened else SEATS_ONLY)
    flash(
        _("People may ask at the door.") if opened else _("Only seat codes and links open the workshop now."),
        "good",
    )
    return _back(handle)


@pages.post("/people/new")
@needs_role(*HOSTS)
def add(handle: str) -> Any:
    """One more seat or member of the staff, with a code or link of their own."""
    role = request.form.get("role", "")
    if role not in ROLES:
        abort(400)
    try:
        name = clean(request.form.get("name", ""), NAME_CHARS)
    except Rejected:
        flash(_("Write a name, of at most %(limit)s characters.", limit=NAME_CHARS), "danger")
        return _back(handle)
    described = replace(Person("", "", 0, {"fr": name, "en": name}, role), **_details(role))
    added = seats.add_person(workshop(), described)
    flash(_("%(name)s is on the list. Hand over the link below.", name=name), "good")
    return redirect(url_for("people.person", handle=handle, person_id=added.id), 303)


# --- one person ---


@pages.get("/people/<person_id>")
@needs_role(*HOSTS)
def person(handle: str, person_id: str) -> Any:
    """One person's code, link and QR, and what may be changed."""
    found = _person(person_id)
    link = f"{base_url()}/l/{seats.link_token(found)}"
    with_code = seats.has_seat_code(found)
    return render_template(
        "pages/person.html",
        handle=handle,
        workshop=workshop(),
        person=found,
        is_me=found.id == current_member().id,
        link=link,
        code=seats.seat_code(found) if with_code else None,
        qr=_seat_qr(found) if with_code else qr_code(link),
        **_words(),
    )


@pages.post("/people/<person_id>")
@needs_role(*HOSTS)
def correct(handle: str, person_id: str) -> Any:
    """Correct what is known of a person."""
    found = _person(person_id)
    values: dict[str, Any] = _details(found.usual_role or found.role, found)
    try:
        name = clean(request.form.get("name", ""), NAME_CHARS)
    except Rejected:
        flash(_("Write a name, of at most %(limit)s characters.", limit=NAME_CHARS), "danger")
        return redirect(url_for("people.person", handle=handle, person_id=person_id), 303)
    if name != name_of(found):
        values["name"] = {"fr": name, "en": name}
    if any(getattr(found, field) != value for field, value in values.items()):
        seats.change_details(found, **values)
        flash(_("%(name)s: corrected.", name=name), "good")
    return _back(handle)


def _details(role: str, before: Person | None = None) -> dict[str, Any]:
    """Side, category, place and table as the form says them: one of the choices, or what a list said before."""
    side = _choice("side", side_names(), before) if role == "participant" else None
    return {
        "side": side,
        "category": _choice("category", CATEGORIES.get(side or "", ()), before),
        "place": _choice("place", place_names(), before),
        "table": _choice("table", [table["id"] for table in seats.tables_of(workshop())], before),
    }


def _choice(field: str, choices: Any, before: Person | None) -> str | None:
    value = request.form.get(field, "")
    known = value in choices or (before is not None and value == getattr(before, field))
    return value if value and known else None


@pages.post("/people/<person_id>/role")
@needs_role(*HOSTS)
def role(handle: str, person_id: str) -> Any:
    """Make a person co-facilitator, or give them their own role back."""
    found = _person(person_id)
    if request.form.get("role") == "facilitator":
        seats.make_facilitator(found)
        flash(_("%(name)s facilitates too.", name=name_of(found)), "good")
    elif _is_last_host(found):
        flash(_("Somebody must stay facilitator. Make another one first."), "danger")
    else:
        seats.make_usual_again(found)
        flash(_("%(name)s has the usual role again.", name=name_of(found)), "good")
    return _back(handle)


def _is_last_host(found: Person) -> bool:
    """Whether the workshop would be left without anybody to run it."""
    others = (p for p in seats.members_of(workshop()) if p.id != found.id and not p.simulated)
    return found.role == "facilitator" and not any(p.role == "facilitator" for p in others)


@pages.post("/people/<person_id>/revoke")
@needs_role(*HOSTS)
def revoke(handle: str, person_id: str) -> Any:
    found = _person(person_id)
    if found.id == current_member().id:
        flash(_("This is your own seat: ask another facilitator or the administrator."), "danger")
        return _back(handle)
    seats.revoke(found)
    flash(_("%(name)s has a new code and link; the old ones open nothing.", name=name_of(found)), "good")
    return redirect(url_for("people.person", handle=handle, person_id=person_id), 303)


@pages.post("/people/<person_id>/remove")
@needs_role(*HOSTS)
def remove(handle: str, person_id: str) -> Any:
    found = _person(person_id)
    if found.id == current_member().id or _is_last_host(found):
        flash(_("Somebody must stay to run the workshop: this person cannot be removed."), "danger")
        return _back(handle)
    seats.remove(found)
    flash(_("%(name)s no longer has access.", name=name_of(found)), "good")
    return _back(handle)


def _person(person_id: str) -> Person:
    found = seats.read(lambda c: accounts.person(c, person_id))
    if found is None or found.workshop != workshop().id or found.removed or found.simulated:
        abort(404)
    return found


def _back(handle: str) -> Any:
    return redirect(url_for("people.people", handle=handle), 303)


# --- the door ---


@pages.get("/door")
@needs_role(*HOSTS)
def door(handle: str) -> Any:
    """Who waits, for the console."""
    return jsonify([_asker(asked) for asked in seats.waiting_for(workshop())])


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
    decision = (request.get_json(silent=True) or request.form).get("decision")
    asked = seats.read(lambda c: accounts.request(c, request_id))
    if asked is None or asked.workshop != workshop().id or asked.state != "waiting":
        abort(404)
    if decision == "admit":
        seats.admit(asked)
    elif decision == "refuse":
        seats.refuse(asked)
    else:
        abort(400)
    return jsonify(state=decision) if request.is_json else _back(handle)
