"""Seats, codes, links and roles, for the facilitator and the administrator. About seats, never about what they do."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import accounts, admission, codes, desks, https_only, members, seats
from app.domain.errors import Rejected
from app.domain.passphrases import LEAST_WORD
from app.domain.records import HOSTS, ROLES
from app.domain.wording import clean
from app.pages.board import base_url, qr_code
from app.pages.door import NAME_CHARS
from app.pages.entry import modes
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
from app.store import people as people_rows
from app.store.people import Person

pages = Blueprint("people", __name__, url_prefix="/b/<handle>")


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
        waiting=admission.waiting_for(workshop()),
        join_url=f"{base_url()}/join/{workshop().code}",
        door=admission.door_of(workshop()),
        doors=modes(),
        most_places=admission.MOST_PLACES,
        least_word=LEAST_WORD,
        taken=admission.seats_taken(workshop()),
        is_plain=https_only.is_plain(),
        **_passphrases(staff),
        me=current_member(),
        places=desks.places_of(seated),
        **_words(),
    )


def _passphrases(listed: list[Person]) -> dict[str, Any]:
    """Who of the staff has a passphrase, and who could."""
    return {
        "with_passphrase": accounts.with_account(listed),
        "may_have_passphrase": {person.id for person in listed if accounts.may_have_account(person)},
    }


@pages.get("/people/sheets")
@needs_role(*HOSTS)
def sheets(handle: str) -> Any:
    """Seat codes and QR codes to print and cut."""
    listed = [person for person in seats.members_of(workshop()) if codes.has_seat_code(person)]
    listed.sort(key=lambda person: (person.table or "\uffff", person.number))
    shown = [
        {
            "person": person,
            "mark": desks.seat_mark(person) if person.role == "participant" else "",
            "code": codes.seat_code(person),
            "qr": _seat_qr(person),
        }
        for person in listed
    ]
    return render_template(
        "pages/sheets.html", handle=handle, workshop=workshop(), sheets=shown, place=base_url(), **_words()
    )


def _seat_qr(person: Person) -> str:
    return qr_code(f"{base_url()}/join/{workshop().code}?seat={codes.seat_code(person)}")


@pages.post("/people/code")
@needs_role(*HOSTS)
def new_code(handle: str) -> Any:
    members.change_code(workshop())
    flash(_("The workshop has a new code. Show or print it again."), "good")
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
    added = members.add_person(workshop(), described)
    flash(_("%(name)s is on the list. Hand over the link below.", name=name), "good")
    return redirect(url_for("people.person", handle=handle, person_id=added.id), 303)


# --- one person ---


@pages.get("/people/<person_id>")
@needs_role(*HOSTS)
def person(handle: str, person_id: str) -> Any:
    """One person's code, link and QR, and what may be changed."""
    found = _person(person_id)
    link = f"{base_url()}/l/{codes.link_token(found)}"
    with_code = codes.has_seat_code(found)
    return render_template(
        "pages/person.html",
        handle=handle,
        workshop=workshop(),
        person=found,
        is_me=found.id == current_member().id,
        account=accounts.account_of(found),
        link=link,
        code=codes.seat_code(found) if with_code else None,
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
        members.change_details(found, **values)
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
        members.make_facilitator(found)
        flash(_("%(name)s facilitates too.", name=name_of(found)), "good")
    elif _is_last_host(found):
        flash(_("Somebody must stay facilitator. Make another one first."), "danger")
    else:
        members.make_usual_again(found)
        flash(_("%(name)s has the usual role again.", name=name_of(found)), "good")
    return _back(handle)


def _is_last_host(found: Person) -> bool:
    """Whether the workshop would be left without anybody to run it."""
    others = (p for p in seats.members_of(workshop()) if p.id != found.id and not p.simulated)
    return found.role == "facilitator" and not any(p.role == "facilitator" for p in others)


@pages.post("/people/<person_id>/here")
@needs_role(*HOSTS)
def here(handle: str, person_id: str) -> Any:
    """Count somebody in who is here without a device, or out again."""
    found = _person(person_id)
    if found.role != "participant":
        abort(404)
    if request.form.get("here") == "yes":
        desks.count_in(found)
        flash(
            _("%(name)s is here without a device, and counts from the next round on.", name=name_of(found)),
            "good",
        )
    elif desks.count_out(found):
        flash(_("%(name)s is not here, and does not count.", name=name_of(found)), "good")
    else:
        flash(_("%(name)s has the seat open on a device: it stays.", name=name_of(found)), "danger")
    return _back(handle)


@pages.post("/people/<person_id>/revoke")
@needs_role(*HOSTS)
def revoke(handle: str, person_id: str) -> Any:
    found = _person(person_id)
    if found.id == current_member().id:
        flash(_("This is your own seat: ask another facilitator or the administrator."), "danger")
        return _back(handle)
    members.revoke(found)
    flash(_("%(name)s has a new code and link; the old ones open nothing.", name=name_of(found)), "good")
    return redirect(url_for("people.person", handle=handle, person_id=person_id), 303)


@pages.post("/people/<person_id>/remove")
@needs_role(*HOSTS)
def remove(handle: str, person_id: str) -> Any:
    found = _person(person_id)
    if found.id == current_member().id or _is_last_host(found):
        flash(_("Somebody must stay to run the workshop: this person cannot be removed."), "danger")
        return _back(handle)
    members.remove(found)
    flash(_("%(name)s no longer has access.", name=name_of(found)), "good")
    return _back(handle)


def _person(person_id: str) -> Person:
    found = seats.read(lambda c: people_rows.person(c, person_id))
    if found is None or found.workshop != workshop().id or found.removed or found.simulated:
        abort(404)
    return found


def _back(handle: str) -> Any:
    return redirect(url_for("people.people", handle=handle), 303)
