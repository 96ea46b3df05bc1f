"""The agenda as a file, in and out; and what is odd about a round before it starts. A single round is altered over the door."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import seats
from app.boards import boards
from app.domain.checklist import findings
from app.domain.operations import Operation
from app.domain.records import EVERYONE, HOSTS
from app.exports import FLAVOURS, agenda
from app.exports.text import to_csv
from app.imports import SENTENCES, ImportFailed, Problem, Upload, read_rounds
from app.pages.files import attachment
from app.pages.member import board_id, current_member, main_board, needs_role, workshop

pages = Blueprint("agenda", __name__, url_prefix="/b/<handle>")


@pages.get("/agenda")
@needs_role(*HOSTS)
def page(handle: str) -> Any:
    return _page(handle)


def _page(handle: str, problems: list[Problem] | None = None, name: str = "") -> str:
    rounds = boards.view(board_id(), EVERYONE)["rounds"].values()
    return render_template(
        "pages/agenda.html",
        handle=handle,
        workshop=workshop(),
        board=None if board_id() == main_board() else board_id(),
        count=len(rounds),
        begun=sum(round_["epoch"] > 0 for round_ in rounds),
        flavours=list(FLAVOURS),
        chosen=name,
        problems=[(problem, _(SENTENCES[problem.code]) % problem.data) for problem in problems or []],
    )


@pages.get("/agenda.csv")
@needs_role(*HOSTS, "rapporteur")
def download(handle: str) -> Any:
    """The plan, at any time: no card and no figure is in it."""
    flavour = request.args.get("flavour", "excel")
    if flavour not in FLAVOURS:
        abort(404)
    rows = agenda.rows(boards.view(board_id(), EVERYONE), "fr")
    return attachment(to_csv(agenda.COLUMNS, rows, flavour), "agenda")


@pages.post("/agenda")
@needs_role(*HOSTS)
def replace(handle: str) -> Any:
    """Another list in the place of what has not begun; with any problem nothing is changed."""
    board, file = board_id(), request.files.get("agenda")
    if not file or not file.filename:
        flash(_("Choose a CSV file first."), "danger")
        return _page(handle), 422
    state = boards.moment(board).state
    upload = Upload(file.filename, file.read())
    factors = sorted(state["factors"], key=lambda factor: state["factors"][factor]["number"])
    try:
        rounds = read_rounds(upload, factors, list(state["tables"]))
    except ImportFailed as failed:
        return _page(handle, failed.problems, upload.name), 422
    operation = Operation(seats.new_id(), "agenda.replace", {"rounds": rounds})
    (answer,) = boards.submit_now(board, seats.actor_of(current_member()), [operation])
    if "code" in answer:
        flash(_("Nothing was changed: a round began meanwhile, or the file is for another board."), "danger")
        return _page(handle, name=upload.name), 409
    flash(_("The agenda is in. Rounds that had begun stay as they ran."), "good")
    practice = None if board == main_board() else board
    home = "board.console" if current_member().role == "facilitator" else "agenda.page"
    return redirect(url_for(home, handle=handle, board=practice), 303)


@pages.get("/checklist/<round_id>")
@needs_role("facilitator")
def checklist(handle: str, round_id: str) -> Any:
    state = boards.moment(board_id()).state
    round_ = state["rounds"].get(round_id) or abort(404)
    # In a real thread: comparing hundreds of actions takes a moment, and the loop goes on meanwhile.
    found = boards.in_thread(findings, state, round_)
    return jsonify([asdict(finding) for finding in found])
