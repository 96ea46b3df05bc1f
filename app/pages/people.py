"""Seats, codes, links, roles and the door, for the facilitator and the administrator. About seats, never about what they do."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app import seats, workshops
from app.domain.errors import Rejected
from app.domain.records import ROLES
from app.pages.board import home_of
from app.pages.member import current_member, needs_role, workshop
from app.pages.setup import base_url
from app.store import accounts
from app.store.accounts import DoorRequest, Person

pages = Blueprint("people", __name__, url_prefix="/b/<handle>")

# Roles that may be given and taken on the page. A participant's seat stays a participant's.
GIVEN = ("facilitator", "expert", "observer", "rapporteur", "administrator")


@pages.get("/people")
@login_required
@needs_role("facilitator", "administrator")
def people(handle: str) -> Any:
    everybody = seats.members_of(workshop())
    return render_template(
        "pages/people.html",
        handle=handle,
        workshop=workshop(),
        staff=[p for p in everybody if p.role != "participant"],
        participants=[p for p in everybody if p.role == "participant" and not p.simulated],
        waiting=seats.read(lambda c: accounts.waiting(c, workshop().id)),
        roles=GIVEN,
        join_url=f"{base_url()}/join/{workshop().code}",
        home=home_of(current_member().role, handle),
    )


@pages.get("/people/sheets")
@login_required
@needs_role("facilitator", "administrator")
def sheets(handle: str) -> Any:
    """Seat codes and QR codes to print and cut."""
    shown = [
        {"person": person, "code": seats.seat_code(person), "qr": _qr(person)}
        for person in seats.members_of(workshop())
        if person.role == "participant" and not person.simulated
    ]
    return render_template("pages/sheets.html", handle=handle, workshop=workshop(), sheets=shown)


def _qr(person: Person) -> str:
    address = f"{base_url()}/join/{workshop().code}?seat={seats.seat_code(person)}"
    return segno.make(address, error="m").svg_data_uri(border=1)


@pages.get("/people/<person_id>/link")
@login_required
@needs_role("facilitator", "administrator")
def link(handle: str, person_id: str) -> Any:
    """One person's link, code and QR."""
    person = _person(person_id)
    personal = f"{base_url()}/l/{seats.link_token(person)}"
    return render_template(
        "pages/link.html",
        handle=handle,
        workshop=workshop(),
        person=person,
        link=personal,
        code=seats.seat_code(person) if person.role == "participant" else None,
        qr=_qr(person)
        if person.role == "participant"
        else segno.make(personal, error="m").svg_data_uri(border=1),
    )


@pages.post("/people/<person_id>/role")
@login_required
@needs_role("facilitator", "administrator")
def role(handle: str, person_id: str) -> Any:
    person, wanted = _person(person_id), request.form.get("role", "")
    if wanted not in GIVEN or wanted not in ROLES or person.role == "participant":
        abort(400)
    seats.change_role(person, wanted)
    flash(_("%(name)s has a new role.", name=_name(person)), "good")
    return _back(handle)


@pages.post("/people/staff")
@login_required
@needs_role("facilitator", "administrator")
def add(handle: str) -> Any:
    wanted = request.form.get("role", "")
    if wanted not in GIVEN:
        abort(400)
    try:
        person = workshops.add_staff(workshop(), wanted, request.form.get("name", ""))
    except Rejected:
        flash(_("Write a name, of at most 120 characters."), "danger")
        return _back(handle)
    return redirect(url_for("people.link", handle=handle, person_id=person.id), 303)


@pages.post("/people/<person_id>/revoke")
@login_required
@needs_role("facilitator", "administrator")
def revoke(handle: str, person_id: str) -> Any:
    person = _person(person_id)
    seats.revoke(person)
    flash(_("%(name)s has a new code and link; the old ones open nothing.", name=_name(person)), "good")
    return _back(handle)


@pages.post("/people/<person_id>/remove")
@login_required
@needs_role("facilitator", "administrator")
def remove(handle: str, person_id: str) -> Any:
    person = _person(person_id)
    if person.id == current_member().id:
        flash(_("You cannot remove yourself."), "danger")
        return _back(handle)
    seats.remove(person)
    flash(_("%(name)s no longer has access.", name=_name(person)), "good")
    return _back(handle)


@pages.post("/people/code")
@login_required
@needs_role("facilitator", "administrator")
def new_code(handle: str) -> Any:
    seats.change_code(workshop())
    flash(_("The workshop has a new code. Print or show it again."), "good")
    return _back(handle)


@pages.get("/door")
@login_required
@needs_role("facilitator", "administrator")
def door(handle: str) -> Any:
    """Who waits, for the console."""
    waiting = seats.read(lambda c: accounts.waiting(c, workshop().id))
    return jsonify([{"id": request_.id, **request_.answers} for request_ in waiting])


@pages.post("/door/<request_id>")
@login_required
@needs_role("facilitator", "administrator")
def decide(handle: str, request_id: str) -> Any:
    decision = (request.get_json(silent=True) or request.form).get("decision")
    asked = seats.read(lambda c: accounts.request(c, request_id))
    if asked is None or asked.workshop != workshop().id or asked.state != "waiting":
        abort(404)
    _decide(asked, decision)
    return jsonify(state=decision) if request.is_json else _back(handle)


def _decide(asked: DoorRequest, decision: Any) -> None:
    if decision == "admit":
        seats.admit(asked)
    elif decision == "refuse":
        seats.refuse(asked)
    else:
        abort(400)


def _person(person_id: str) -> Person:
    person = seats.read(lambda c: accounts.person(c, person_id))
    if person is None or person.workshop != workshop().id or person.removed:
        abort(404)
    return person


def _name(person: Person) -> str:
    from flask_babel import get_locale

    locale = get_locale()
    return person.name.get(locale.language if locale else "fr", person.name["fr"])


def _back(handle: str) -> Any:
    return redirect(url_for("people.people", handle=handle), 303)
