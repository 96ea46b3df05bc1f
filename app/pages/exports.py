"""The board as CSV files: for the facilitator and the rapporteur, once no urn is unopened."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import get_locale
from flask_login import login_required

from app.boards import boards
from app.domain.records import EVERYONE
from app.exports import rows
from app.exports.table import FLAVOURS, as_csv
from app.pages.board import home_of
from app.pages.member import board_id, current_member, needs_role, workshop

pages = Blueprint("exports", __name__, url_prefix="/b/<handle>/exports")


@pages.get("/")
@login_required
@needs_role("facilitator", "rapporteur")
def listing(handle: str) -> Any:
    return _listing(handle, 200)


def _listing(handle: str, status: int) -> Any:
    board = board_id()
    state = boards.view(board, EVERYONE)
    counts = {name: len(make(state)) for name, (_, make) in rows.TABLES.items()}
    page = render_template(
        "pages/exports.html",
        handle=handle,
        workshop=workshop(),
        board=request.args.get("board"),
        counts=counts,
        flavours=FLAVOURS,
        unopened=_name_of(rows.unopened_round(state)),
        home=home_of(current_member().role, handle),
    )
    return page, status


def _name_of(round_: dict[str, Any] | None) -> str | None:
    locale = get_locale()
    return round_["name"].get(locale.language if locale else "fr") if round_ else None


@pages.get("/<name>.csv")
@login_required
@needs_role("facilitator", "rapporteur")
def download(handle: str, name: str) -> Any:
    flavour = request.args.get("flavour", "excel")
    if name not in rows.TABLES or flavour not in FLAVOURS:
        abort(404)
    state = boards.view(board_id(), EVERYONE)
    if rows.unopened_round(state):
        return _listing(handle, 409)
    columns, make = rows.TABLES[name]
    answer = Response(as_csv(columns, make(state), flavour), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="palabre-{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
