"""A browser that holds as many seats as it can: said before one more is opened, and which of them may be left here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for

from app import seats, sessions
from app.pages.board import home_of
from app.pages.language import same_site
from app.store import workshops as workshop_rows

pages = Blueprint("full", __name__)


def register(app: Flask) -> None:
    app.register_error_handler(sessions.NoRoom, _full)


def _full(error: Exception) -> Any:
    """Nothing was opened and nothing closed: the person chooses, the seat that was opened first on top."""
    named = {w.id: w for w in seats.read(workshop_rows.all_workshops)}
    held = [
        {
            "person": person,
            "workshop": named[person.workshop],
            "handle": seat.handle,
            "home": home_of(person, seat.handle),
            "locked": seat.locked,
        }
        for seat, person in sessions.held_seats()
    ]
    return render_template("pages/full.html", held=held, most=sessions.MOST_SEATS_HELD, again=_again()), 409


def _again() -> str:
    """Where whoever made room goes on: the same address, where it can be asked for."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or "GET" not in adapter.allowed_methods():
        return url_for("door.landing")
    return same_site(request.full_path)


@pages.post("/leave/<handle>")
def leave(handle: str) -> Any:
    """Close a seat in this browser, a locked one too; its place in the workshop stays, and its own code opens it again."""
    if not sessions.session_here(handle):
        abort(404)
    sessions.leave(handle)
    return redirect(same_site(request.form.get("next", "/")), 303)
