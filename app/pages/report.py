"""The report: to read and print here, and as PDF and docx, made while the page tells how far it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import prepared, press, reports
from app.boards import boards
from app.domain.records import EVERYONE
from app.exports import open_urns
from app.languages import LANGUAGES
from app.pages import jobs
from app.pages.files import file_name
from app.pages.member import board_id, main_board, needs_role, workshop
from app.pages.words import language
from app.press import Job

pages = Blueprint("report", __name__, url_prefix="/b/<handle>/report")

READERS = ("facilitator", "rapporteur")
KIND_WORDS = {"pdf": "PDF", "docx": "Word (docx)"}


@pages.get("/")
@needs_role(*READERS)
def page(handle: str) -> Any:
    """The whole report; while an urn is open, which rounds are waited for."""
    unopened = open_urns(boards.view(board_id(), EVERYONE))
    told = None if unopened else boards.in_thread(reports.document, board_id(), language())
    shown = render_template("pages/report.html", document=told, unopened=unopened, **_of_all(handle))
    return shown, 409 if unopened else 200


@pages.post("/make")
@needs_role(*READERS)
def make(handle: str) -> Any:
    kind, wanted = request.form.get("kind", ""), request.form.get("lang", language())
    if kind not in reports.KINDS or wanted not in LANGUAGES:
        abort(404)
    if open_urns(boards.view(board_id(), EVERYONE)):
        return redirect(url_for("report.page", handle=handle, board=_board()), 303)
    job = reports.order(board_id(), kind, wanted)
    return redirect(url_for("report.job", handle=handle, job_id=job.id, board=_board()), 303)


@pages.get("/made/<job_id>")
@needs_role(*READERS)
def job(handle: str, job_id: str) -> Any:
    """How far it is, as a page or for the page's script; and the file, once it is there."""
    found = _job(job_id)
    kind, made_in = _parts(found)
    at: dict[str, Any] = {"handle": handle, "board": _board()}
    return jobs.page(
        found,
        _doing(found),
        lead=_("Report of the workshop"),
        title=KIND_WORDS[kind],
        made_in=made_in,
        made_from=_("Made from the board as it was when you asked."),
        links={name: url_for(f"report.{name}", **at, job_id=job_id) for name in ("job", "cancel", "file")},
        back=(url_for("report.page", **at), _("Back to the report")),
        again=(url_for("report.make", **at), {"kind": kind, "lang": made_in}),
        inline=False,
        here="report",
        **_of_all(handle),
    )


@pages.post("/made/<job_id>/cancel")
@needs_role(*READERS)
def cancel(handle: str, job_id: str) -> Any:
    press.ours().cancel(_job(job_id).id)
    return redirect(url_for("report.job", handle=handle, job_id=job_id, board=_board()), 303)


@pages.get("/made/<job_id>/file")
@needs_role(*READERS)
def file(handle: str, job_id: str) -> Any:
    found = _job(job_id)
    kind, made_in = _parts(found)
    return jobs.file(found, reports.KINDS[kind], f"{file_name(f'report-{made_in}')}.{kind}")


def _job(job_id: str) -> Job:
    """A job on this board, as it was after its last erasure."""
    board = board_id()
    return jobs.found(job_id, prepared.of_board(board), also=f"{board}:")


def _parts(found: Job) -> tuple[str, str]:
    kind, _, made_in = found.name.partition("-")
    return kind, made_in


def _board() -> str | None:
    return None if board_id() == main_board() else board_id()


def _of_all(handle: str) -> dict[str, Any]:
    return {"handle": handle, "workshop": workshop(), "board": _board(), "languages": LANGUAGES}


def _doing(found: Job) -> str:
    return {
        "tell": _("The board is read and its story told."),
        "draw": _("The pictures are drawn."),
        "set": _("The pages are set."),
    }[found.doing]
