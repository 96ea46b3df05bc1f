"""Making a new workshop: from the template, from CSV files, around the board of a file, or as the follow-up of another one."""

from __future__ import annotations

import zoneinfo
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import accounts, followups, sessions, workshops
from app.boards import boards
from app.domain.errors import Rejected
from app.exports import open_urns
from app.imports import BOARD, FILES, SENTENCES, ImportFailed, Problem, Upload, WorkshopPlan
from app.languages import LANGUAGES, chosen_language
from app.pages.keeping import NoSuchTerm, set_term, term_of, terms
from app.pages.member import current_member, main_board, needs_role, workshop
from app.pages.words import in_language
from app.store.workshops import Workshop

pages = Blueprint("workshops", __name__)

# What is followed when it is the workshop whose board is in the file.
OF_FILE = "file"
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
    sessions.find_room()
    zone = boards.moment(main_board()).state["board"]["board"]["time_zone"]
    return _form(handle, {"time_zone": zone, "language": chosen_language()})


@pages.post("/b/<handle>/workshops/new")
@needs_role("facilitator", "administrator")
def make(handle: str) -> Any:
    """With any problem nothing is made, and nothing typed is lost."""
    sessions.find_room()
    uploads = _uploads()
    problems: list[Problem] = []
    form = request.form
    try:
        term = term_of(form)
        zone = _time_zone(form.get("time_zone", ""))
        language = form.get("language", "")
        made = _made(
            uploads,
            form.get("follows", ""),
            (form.get("title_fr", ""), form.get("title_en", "")),
            language=language if language in LANGUAGES else "fr",
            time_zone=zone,
        )
    except ImportFailed as failed:
        problems = failed.problems
    except workshops.NotBoth:
        flash(
            _(
                "A board comes with its factors and its agenda: choose no files for these and no workshop of this server beside "
                "it. To follow the workshop in the file, choose that under Follow-up of."
            ),
            "danger",
        )
    except followups.NoFile:
        flash(_("Choose the board’s file of the workshop to follow, too."), "danger")
    except followups.TooMuch:
        flash(
            _(
                "More stands on this board than a workshop can take along, or its sheets do not fit together. Open it as a "
                "workshop of its own: leave “Follow-up of” at none."
            ),
            "danger",
        )
    except StillSealed as sealed:
        flash(_sealed_words(sealed), "danger")
    except followups.FactorsFixed:
        flash(
            _("A follow-up keeps the factors of the workshop it follows: leave the file of factors out."),
            "danger",
        )
    except NoSuchTerm as wrong:
        flash(str(wrong), "danger")
    except UnknownZone:
        flash(_("No time zone has this name. It is written like Africa/Niamey."), "danger")
    except Rejected as rejected:
        if rejected.code not in ("empty_text", "too_long"):
            raise
        limit = workshops.TITLE_CHARS
        flash(_("Give the workshop a title, of at most %(limit)s characters.", limit=limit), "danger")
    else:
        set_term(made, term)
        host = workshops.host_of(made, current_member())
        if account := accounts.account_of(current_member()):
            accounts.add_seat(account, host)
        flash(_("The workshop is made. You hold a seat in it; hand out the other codes and links."), "good")
        return redirect(url_for("people.people", handle=sessions.open_for(host)), 303)
    return _form(handle, form, uploads, problems), 422


class StillSealed(Exception):
    """The workshop to follow has an unopened urn: what was taken before and after would tell one card."""


def _followed(asked: str) -> Workshop | None:
    """The workshop that is to be followed; only one that this browser runs."""
    if not asked:
        return None
    return next((workshop for workshop in followups.followable() if workshop.id == asked), None) or abort(404)


def _made(uploads: dict[str, Upload], follows: str, title: tuple[str, str], **how: Any) -> Workshop:
    if follows == OF_FILE:
        return followups.made_from_file(uploads, title, **how)
    before = _followed(follows)
    if before is None:
        return workshops.made_from(uploads, title, **how)
    if BOARD in uploads:
        raise workshops.NotBoth
    plan, earlier = _plan(uploads, before), followups.earlier_of(before)
    return workshops.create(workshops.title_of(*title), plan, earlier=earlier, **how)


def _plan(uploads: dict[str, Upload], before: Workshop) -> WorkshopPlan:
    state = followups.state_of(before)
    if unopened := open_urns(state):
        raise StillSealed(unopened)
    return followups.plan_from(uploads, state)


def _sealed_words(sealed: StillSealed) -> str:
    (rounds,) = sealed.args
    named = ", ".join(in_language(round_["name"]) for round_ in rounds)
    return _(
        "The workshop to follow has a round that is still sealed (%(rounds)s): publish or cancel it first.",
        rounds=named,
    )


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
        for name in (*FILES, BOARD)
        if (file := request.files.get(name)) and file.filename
    }


def _form(
    handle: str, form: Any, uploads: dict[str, Upload] | None = None, problems: list[Problem] | None = None
) -> str:
    return render_template(
        "pages/new_workshop.html",
        handle=handle,
        workshop=workshop(),
        form=form,
        files=(*FILES, BOARD),
        chosen={name: upload.name for name, upload in (uploads or {}).items()},
        problems=[(problem, _(SENTENCES[problem.code]) % problem.data) for problem in problems or []],
        followable=[(workshop.id, in_language(workshop.title)) for workshop in followups.followable()],
        of_file=OF_FILE,
        time_zones=TIME_ZONES,
        title_chars=workshops.TITLE_CHARS,
        term=terms(),
    )
