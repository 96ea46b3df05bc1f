"""Making a new workshop, from the template or from CSV files."""

from __future__ import annotations

import zoneinfo
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import seats, workshops
from app.boards import boards
from app.domain.errors import Rejected
from app.imports import FILES, SENTENCES, ImportFailed, Problem, Upload
from app.languages import LANGUAGES, chosen_language
from app.pages.member import current_member, main_board, needs_role

pages = Blueprint("workshops", __name__)

# Where the template was used first, and its French-speaking neighbours; any other name of the database can be typed.
TIME_ZONES = (
    "Africa/Niamey",
    "Africa/Abidjan",
    "Africa/Dakar",
    "Africa/Douala",
    "Africa/Tunis",
    "Europe/Brussels",
)


@pages.get("/b/<handle>/workshops/new")
@needs_role("facilitator", "administrator")
def new(handle: str) -> Any:
    zone = boards.moment(main_board()).state["board"]["board"]["time_zone"]
    return _form(handle, {"time_zone": zone, "language": chosen_language()})


@pages.post("/b/<handle>/workshops/new")
@needs_role("facilitator", "administrator")
def make(handle: str) -> Any:
    """With any problem nothing is made, and nothing typed is lost."""
    uploads = _uploads()
    problems: list[Problem] = []
    form = request.form
    try:
        title = workshops.title_of(form.get("title_fr", ""), form.get("title_en", ""))
        zone = _time_zone(form.get("time_zone", ""))
        language = form.get("language", "")
        made = workshops.create(
            title,
            workshops.plan_from(uploads),
            language=language if language in LANGUAGES else "fr",
            time_zone=zone,
        )
    except ImportFailed as failed:
        problems = failed.problems
    except UnknownZone:
        flash(_("No time zone has this name. It is written like Africa/Niamey."), "danger")
    except Rejected as rejected:
        if rejected.code not in ("empty_text", "too_long"):
            raise
        limit = workshops.TITLE_CHARS
        flash(_("Give the workshop a title, of at most %(limit)s characters.", limit=limit), "danger")
    else:
        host = workshops.host_of(made, current_member())
        flash(_("The workshop is made. You hold a seat in it; hand out the other codes and links."), "good")
        return redirect(url_for("people.people", handle=seats.open_for(host)), 303)
    return _form(handle, form, uploads, problems), 422


class UnknownZone(ValueError):
    """No such time zone in this machine's database."""


def _time_zone(name: str) -> str:
    name = name.strip() or workshops.TIME_ZONE
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # A machine without the database takes the name as it is, as long as it looks like one.
        if zoneinfo.available_timezones() or "/" not in name or len(name) > 64:
            raise UnknownZone(name) from None
    return name


def _uploads() -> dict[str, Upload]:
    """The files that were chosen, under the names their owner knows them by."""
    return {
        name: Upload(file.filename, file.read())
        for name in FILES
        if (file := request.files.get(name)) and file.filename
    }


def _form(
    handle: str, form: Any, uploads: dict[str, Upload] | None = None, problems: list[Problem] | None = None
) -> str:
    return render_template(
        "pages/new_workshop.html",
        handle=handle,
        form=form,
        files=FILES,
        chosen={name: upload.name for name, upload in (uploads or {}).items()},
        problems=[(problem, _(SENTENCES[problem.code]) % problem.data) for problem in problems or []],
        time_zones=TIME_ZONES,
        title_chars=workshops.TITLE_CHARS,
    )
