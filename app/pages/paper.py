"""What a workshop needs on paper: the list of sets, each as a PDF in either language, or all at once; a page tells how far."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app import prepared, press, printing
from app.domain.records import HOSTS
from app.languages import LANGUAGES
from app.pages import jobs, paper_ballots
from app.pages.files import file_name
from app.pages.member import needs_role, workshop
from app.pages.sets import CONTENTS, names
from app.pages.words import in_language
from app.press import Job

pages = Blueprint("paper", __name__, url_prefix="/b/<handle>/paper")


@pages.get("/")
@needs_role(*HOSTS)
def listing(handle: str) -> Any:
    return render_template(
        "pages/paper.html",
        handle=handle,
        workshop=workshop(),
        sets=names(),
        languages=LANGUAGES,
        votes=paper_ballots.votes(),
    )


@pages.post("/make")
@needs_role(*HOSTS)
def make(handle: str) -> Any:
    """Have one set made, as `seats-fr`, or all of them."""
    asked, made_from = request.form.get("set", ""), prepared.of_workshop(workshop().id)
    name, wanted = _parts(asked)
    if asked == printing.ALL:
        sets = {f"{name}-{lang}": (name, _data(name, lang)) for lang in LANGUAGES for name in CONTENTS}
        job = printing.order_all(made_from, sets)
    elif name in CONTENTS and wanted in LANGUAGES:
        job = printing.order(made_from, asked, name, _data(name, wanted))
    else:
        abort(404)
    return redirect(url_for("paper.job", handle=handle, job_id=job.id), 303)


@pages.get("/made/<job_id>")
@needs_role(*HOSTS)
def job(handle: str, job_id: str) -> Any:
    """How far a set is, as a page or for the page's script; and the file, once it is there."""
    found = _job(job_id)
    name, wanted = _parts(found.name)
    listing = url_for("paper.listing", handle=handle)
    # Ballots are chosen anew on the list: for whom, and how many.
    is_known = name in (*CONTENTS, printing.ALL)
    return jobs.page(
        found,
        _doing(found),
        lead=_("On paper"),
        title=_title(name),
        made_in=wanted,
        made_from=_("With the codes that are valid now."),
        links={
            kind: url_for(f"paper.{kind}", handle=handle, job_id=job_id) for kind in ("job", "cancel", "file")
        },
        back=(listing, _("Back to the sets")),
        again=(url_for("paper.make", handle=handle), {"set": found.name}) if is_known else None,
        inline=name != printing.ALL,
        here="paper",
        handle=handle,
        workshop=workshop(),
    )


@pages.post("/made/<job_id>/cancel")
@needs_role(*HOSTS)
def cancel(handle: str, job_id: str) -> Any:
    press.ours().cancel(_job(job_id).id)
    return redirect(url_for("paper.job", handle=handle, job_id=job_id), 303)


@pages.get("/made/<job_id>/file")
@needs_role(*HOSTS)
def file(handle: str, job_id: str) -> Any:
    found = _job(job_id)
    kind = "zip" if found.name == printing.ALL else "pdf"
    return jobs.file(found, f"application/{kind}", f"{file_name(found.name)}.{kind}", inline=kind == "pdf")


def _job(job_id: str) -> Job:
    """A set of this workshop, as it was after its board's last erasure."""
    return jobs.found(job_id, prepared.of_workshop(workshop().id), also=f"{workshop().id}:")


def _parts(name: str) -> tuple[str, str]:
    """The set that a job is called by, and its language."""
    if name == printing.ALL:
        return name, ""
    layout, _dash, lang = name.rpartition("-")
    return layout, lang


def _data(name: str, lang: str) -> dict[str, Any]:
    """What stands on a set, in its language."""
    with force_locale(lang):
        return {"lang": lang, "title": in_language(workshop().title), **CONTENTS[name]()}


def _title(name: str) -> str:
    if name == printing.ALL:
        return _("All sets, French and English")
    return names()[name][0] if name in CONTENTS else _("Ballots on paper")


def _doing(found: Job) -> str:
    words = {
        printing.CODES: _("The codes are drawn."),
        printing.PAGES: _("The pages are set."),
        printing.PACK: _("The sets are put into one file."),
    }
    if found.doing in words:
        return words[found.doing]
    name, wanted = _parts(found.doing)
    language_name = "Français" if wanted == "fr" else "English"
    return _("%(set)s, %(language)s", set=_title(name), language=language_name)
