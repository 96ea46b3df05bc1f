"""The live pages: board, console and wall; and submitting over plain HTTP when sockets are blocked."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from flask_wtf.csrf import generate_csrf

from app import languages, messages, practice, seats
from app.boards import boards
from app.domain.errors import Rejected
from app.pages.member import board_id, current_member, needs_role, workshop
from app.pages.setup import base_url

pages = Blueprint("board", __name__, url_prefix="/b/<handle>")

HOMES = {"facilitator": "board.console", "administrator": "people.people"}


def home_of(role: str, handle: str) -> str:
    """Where a person of this role begins."""
    return url_for(HOMES.get(role, "board.board"), handle=handle)


@pages.get("/")
@login_required
def board(handle: str) -> Any:
    return render_template("board.html", page=_page(handle))


@pages.get("/console")
@login_required
@needs_role("facilitator")
def console(handle: str) -> Any:
    return render_template("console.html", page=_page(handle))


@pages.get("/wall")
@login_required
def wall(handle: str) -> Any:
    return render_template("wall.html", page=_page(handle))


def _page(handle: str) -> dict[str, Any]:
    """What the scripts of a page are told."""
    board, code = board_id(), workshop().code
    other: dict[str, Any] = {} if board == _main_board() else {"board": board}
    address = f"{base_url()}/join/{code}"

    def url(name: str) -> str:
        return url_for(name, handle=handle, **other)

    language = languages.chosen_language()
    return {
        "handle": handle,
        "board": board,
        "role": current_member().role,
        "lang": language,
        "csrf": generate_csrf(),
        "join": {"code": code, "url": address, "qr": segno.make(address, error="m").svg_data_uri(border=1)},
        "urls": {
            "board": url("board.board"),
            "console": url("board.console"),
            "wall": url("board.wall"),
            "people": url("people.people"),
            "exports": url("exports.listing"),
            "submit": url("board.submit"),
            "door": url("people.door"),
            "practice": url("board.practice_board"),
            "leave": url("board.leave"),
            "new": url_for("setup.new_workshop", handle=handle),
            "main": url_for("board.board", handle=handle),
        },
        "strings": languages.browser_strings(language),
    }


def _main_board() -> str | None:
    return seats.main_board(workshop())


@pages.post("/submit")
@login_required
def submit(handle: str) -> Any:
    """The same frame as over the socket, answered when it is committed."""
    try:
        asked = messages.read("submit", request.get_json(silent=True))
    except Rejected as rejected:
        return jsonify(results=[{"id": "", "code": rejected.code, "data": rejected.data}]), 400
    if not seats.may_open(current_member(), board_id()):
        abort(404)
    actor = seats.actor_of(current_member())
    return jsonify(results=boards.submit_now(board_id(), actor, messages.operations(asked)))


@pages.post("/practice")
@login_required
@needs_role("facilitator")
def practice_board(handle: str) -> Any:
    """Open the practice board, close it for good, or fill it with a simulated crowd."""
    asked = (request.get_json(silent=True) or request.form).get("action")
    if asked == "start":
        opened = practice.start(workshop(), seats.actor_of(current_member()))
        return jsonify(url=url_for("board.console", handle=handle, board=opened))
    if asked == "end":
        practice.end(workshop(), seats.actor_of(current_member()))
        return jsonify(url=url_for("board.console", handle=handle))
    if asked == "crowd":
        return jsonify(seats=practice.crowd(workshop()))
    abort(400)


@pages.post("/leave")
@login_required
def leave(handle: str) -> Any:
    seats.leave(handle)
    return redirect(url_for("door.landing"), 303)
