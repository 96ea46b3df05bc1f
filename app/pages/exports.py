"""The board as a workbook, as CSV files, and as a file that comes in again: for the facilitator and the rapporteur, once
every urn is opened.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from app.boards import boards
from app.domain.records import EVERYONE, STAFF_VIEW
from app.exports import EXPORTS, FLAVOURS, open_urns
from app.exports.boardfile import board_file
from app.exports.bundle import bundle
from app.exports.workbook import workbook
from app.pages.files import attachment, file_name
from app.pages.history import decided
from app.pages.member import board_id, main_board, needs_role, workshop
from app.pages.words import language

pages = Blueprint("exports", __name__, url_prefix="/b/<handle>/exports")

READERS = ("facilitator", "rapporteur")


@pages.get("/")
@needs_role(*READERS)
def listing(handle: str) -> Any:
    return _listing(handle, 200)


def _listing(handle: str, status: int) -> Any:
    state = boards.view(board_id(), EVERYONE)
    counts = {name: sum(1 for row in export.rows(state, language())) for name, export in EXPORTS.items()}
    page = render_template(
        "pages/exports.html",
        handle=handle,
        workshop=workshop(),
        board=None if board_id() == main_board() else board_id(),
        counts=counts,
        flavours=list(FLAVOURS),
        unopened=open_urns(state),
    )
    return page, status


@pages.get("/board.xlsx")
@needs_role(*READERS)
def book(handle: str) -> Any:
    """Everything in one workbook, with charts."""
    state = boards.view(board_id(), EVERYONE)
    if open_urns(state):
        return _listing(handle, 409)
    made = boards.in_thread(workbook, state, language(), _tabs(), decided())
    return _file(made, "board.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@pages.get("/everything.zip")
@needs_role(*READERS)
def everything(handle: str) -> Any:
    """All files of the board in one archive."""
    state = boards.view(board_id(), STAFF_VIEW)
    if open_urns(state):
        return _listing(handle, 409)
    made = boards.in_thread(bundle, state, language(), _tabs(), decided())
    return _file(made, "everything.zip", "application/zip")


@pages.get("/board.json")
@needs_role(*READERS)
def whole(handle: str) -> Any:
    """The board as a file that comes in again; a practice board is thrown away, and has none."""
    if board_id() != main_board():
        abort(404)
    state = boards.view(board_id(), STAFF_VIEW)
    if open_urns(state):
        return _listing(handle, 409)
    return _file(boards.in_thread(board_file, state), "board.json", "application/json")


def _file(content: bytes, name: str, kind: str) -> Response:
    stem, ending = name.split(".")
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(stem)}.{ending}"'
    return answer


def _tabs() -> dict[str, str]:
    return {
        "cards": _("Actions"),
        "votes": _("Votes"),
        "handcounts": _("Shows of hands"),
        "comments": _("Comments"),
        "sheets": _("Action sheets"),
        "merges": _("Merged groups"),
        "clusters": _("Groups"),
        "progress": _("Progress"),
        "notes": _("Notes"),
        "flat": _("All in one table"),
        "decisions": _("Decisions"),
        "charts": _("Charts"),
    }


@pages.get("/<name>.csv")
@needs_role(*READERS)
def download(handle: str, name: str) -> Any:
    """One file, of what everybody may see: not even the facilitator exports more than a participant's screen shows."""
    flavour = request.args.get("flavour", "excel")
    if name not in EXPORTS or flavour not in FLAVOURS:
        abort(404)
    state = boards.view(board_id(), EVERYONE)
    if open_urns(state):
        return _listing(handle, 409)
    return attachment(EXPORTS[name].csv(state, language(), flavour), name)
