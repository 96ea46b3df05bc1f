"""The live pages: board, console and wall; and submitting over plain HTTP when sockets are blocked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import segno
from flask import Blueprint, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app import (
    accounts,
    admission,
    banner,
    desks,
    doubles,
    languages,
    messages,
    pins,
    practice,
    rates,
    seats,
    sessions,
)
from app.boards import boards
from app.domain import strict_json
from app.domain.errors import Rejected
from app.domain.records import view_of
from app.moments import refusal
from app.pages.assets import asset
from app.pages.member import board_id, current_member, main_board, needs_role, workshop
from app.pages.words import takes_nothing
from app.store.people import WALL, Person

pages = Blueprint("board", __name__, url_prefix="/b/<handle>")

# Who may share a phone: people with a seat of their own.
TURNS = ("participant", "scribe")
SHARED = "shared"
HOMES = {"facilitator": "board.console", "administrator": "people.people", "observer": "summary.page"}


def home_of(person: Person, handle: str) -> str:
    """Where a person begins."""
    if person.device == WALL:
        return url_for("board.wall", handle=handle)
    return url_for(HOMES.get(person.role, "board.board"), handle=handle)


def base_url() -> str:
    """The address people in the room use, for codes and links."""
    return banner.address(current_app.config["SETTINGS"])


def qr_code(address: str) -> str:
    """The QR of an address as a picture's `src`."""
    return str(segno.make(address, error="m").svg_data_uri(border=2, omitsize=True))


@pages.get("/")
@needs_role()
def board(handle: str) -> Any:
    admission.forget_ticket(current_member())
    return render_template("board.html", page=page_config(handle, "board"))


@pages.get("/console")
@needs_role("facilitator")
def console(handle: str) -> Any:
    return render_template("console.html", page=page_config(handle, "console"))


@pages.get("/sheets")
@needs_role()
def sheets(handle: str) -> Any:
    """The action sheets: filled by some roles, read by all."""
    page = page_config(handle, "sheets")
    page["urls"]["home"] = home_of(current_member(), handle)
    return render_template("sheets.html", page=page)


@pages.get("/wall")
@needs_role("facilitator", "administrator", "rapporteur", "observer", "expert")
def wall(handle: str) -> Any:
    """The projector's page, on a seat of its own: frames for staff never reach the machine at the projector."""
    own = seats.wall_of(workshop())
    if own and current_member().device != WALL:
        handle = sessions.held_for(own) or sessions.open_for(own)
        return redirect(url_for("board.wall", handle=handle, board=request.args.get("board")))
    return render_template("wall.html", page=page_config(handle, "wall"))


def page_config(handle: str, name: str) -> dict[str, Any]:
    """What the scripts of a page are told."""
    board, code = board_id(), workshop().code
    on_practice = None if board == main_board() else board
    address = f"{base_url()}/join/{code}"

    def url(endpoint: str, **named: Any) -> str:
        return url_for(endpoint, handle=handle, board=on_practice, **named)

    language = languages.chosen_language()
    return {
        "handle": handle,
        **_turn(handle),
        **(_peers() if name == "board" else {}),
        "board": board,
        "role": current_member().role,
        "lang": language,
        "crowd": practice.crowd_of(workshop(), board) if name == "console" else 0,
        "desk": _desk() if name in ("board", "desk") else [],
        "csrf": generate_csrf(),
        # A phone shows no QR: it would be the heaviest thing on its page.
        "join": {
            "code": code,
            "url": address,
            "qr": "" if name in ("board", "sheets", "desk") else qr_code(address),
        },
        "urls": {
            "board": url("board.board"),
            "console": url("board.console"),
            "wall": url("board.wall"),
            "sheets": url("board.sheets"),
            "people": url("people.people"),
            "exports": url("exports.listing"),
            **(_of_console(url) if name == "console" else {}),
            **({"replay": url("replay.page", large=1)} if name == "wall" else {}),
            **(_of_desk(url) if current_member().role in desks.DESKS else {}),
            "submit": url("board.submit"),
            "ticket": url("board.ticket"),
            "door": url("entry.waiting"),
            "practice": url("board.practice_board"),
            "doubles": url("board.doubled"),
            "leave": url("board.leave"),
            "pin": url("board.pin") if current_member().role in TURNS else "",
            "new": url_for("workshops.new", handle=handle),
            **({"account": url("account.for_seat")} if accounts.may_have_account(current_member()) else {}),
            "main": url_for("board.board", handle=handle),
            "styles": asset("board-work.css"),
            "icon": asset("img/favicon.svg"),
            "strings": url_for(
                "language.strings", language=language, page=name, v=languages.strings_version(language)
            ),
        },
        "strings": languages.first_strings(language, name),
    }


@pages.post("/submit")
@needs_role()
def submit(handle: str) -> Any:
    """The same frame as over the socket, answered when it is committed."""
    if (request.content_length or 0) > messages.MOST_BYTES:
        abort(413)
    try:
        asked = messages.read("submit", strict_json.parsed(request.get_data()))
    except (Rejected, ValueError):
        return jsonify(results=[refusal("", Rejected("bad_payload", fields=[]))]), 400
    board = board_id(asked.get("board"))
    operations = messages.operations(asked)
    if not rates.operations.take(current_member().id, len(operations), time.monotonic()):
        return jsonify(results=[refusal(op.id, Rejected("slow_down")) for op in operations])
    return jsonify(results=boards.submit_now(board, desks.sender(current_member(), operations), operations))


@pages.get("/doubles")
@needs_role()
def doubled(handle: str) -> Any:
    """Pairs of cards that perhaps say the same, among those this member can see."""
    member = seats.actor_of(current_member())
    return jsonify(pairs=doubles.doubles(board_id(), view_of(member.role, member.table)))


@pages.post("/ticket")
@needs_role()
def ticket(handle: str) -> Any:
    """What a client that is no browser, and so sends no Origin, needs to open a socket."""
    return jsonify(ticket=sessions.connect_ticket(handle))


@pages.post("/practice")
@needs_role("facilitator")
def practice_board(handle: str) -> Any:
    """Open the practice board, close it for good, or fill it with a simulated crowd."""
    asked = (request.get_json(silent=True) or request.form).get("action")
    try:
        if asked == "start":
            opened = practice.start(workshop(), seats.actor_of(current_member()))
            return jsonify(url=url_for("board.console", handle=handle, board=opened))
        if asked == "end":
            practice.end(workshop(), seats.actor_of(current_member()))
            return jsonify(url=url_for("board.console", handle=handle))
    except Rejected:
        return jsonify(error=takes_nothing()), 409
    if asked == "crowd":
        return jsonify(seats=practice.crowd(workshop()))
    abort(400)


def _desk() -> list[dict[str, Any]]:
    """The seats for which this member may enter cards, to pick from: mark, name and table."""
    return [
        {"mark": desks.seat_mark(seat), "name": seat.name, "table": seat.table}
        for seat in desks.seats_at_desk(current_member())
    ]


def _peers() -> dict[str, int]:
    """How many participants sit at the member's own table: among so many an author is hidden where only that table writes."""
    me = current_member()
    if me.role not in TURNS or not me.table:
        return {}
    return {
        "peers": sum(p.role == "participant" and p.table == me.table for p in seats.members_of(workshop()))
    }


def _turn(handle: str) -> dict[str, Any]:
    """Whether several people use this browser, and whether this one has a PIN."""
    seated = [(seat, person) for seat, person in sessions.held_seats() if person.role in TURNS]
    here = [seat for seat, person in seated if seat.handle == handle and person.id == current_member().id]
    return {
        "pin": any(seat.pin_hash for seat in here),
        "shared": bool(here) and (len(seated) > 1 or current_member().device == SHARED),
    }


@pages.post("/pin")
@needs_role(*TURNS)
def pin(handle: str) -> Any:
    """Choose the PIN under which this seat waits while somebody else has the phone."""
    asked = request.get_json(silent=True) or {}
    try:
        pins.choose(handle, str(asked.get("pin", "")))
    except pins.BadPin:
        return jsonify(error=_("Four digits, please.")), 422
    return jsonify(pin=True)


@pages.post("/leave")
@needs_role()
def leave(handle: str) -> Any:
    """End one's turn on a shared phone: behind a PIN the seat waits here, without one it is closed in this browser."""
    if not (request.form.get("wait") and pins.lock(handle)):
        sessions.leave(handle)
    return redirect(url_for("door.landing"), 303)


def _of_desk(url: Callable[..., str]) -> dict[str, str]:
    """What only those with a desk lead to."""
    return {"desk": url("desk.desk"), "desk_state": url("desk.state"), "here": url("desk.here")}


def _of_console(url: Callable[..., str]) -> dict[str, str]:
    """What only the console leads to; a participant's first page has no byte to spare for it."""
    return {
        "agenda": url("agenda.page"),
        "checklist": url("agenda.checklist", round_id="ROUND"),
        "report": url("report.page"),
        "closings": url("closings.listing"),
        "replay": url("replay.page"),
        "history": url("history.listing"),
        "paper": url("paper.listing"),
        "summary": url("summary.page"),
        "selftest": url("selftest.page"),
        "backups": url("backups.page"),
        "backup": url("backups.now"),
    }
