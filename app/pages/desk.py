"""The room desk: for the scribe of a table and the facilitator. Who is here without a device, and paper ballots."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request

from app import desks
from app.boards import boards
from app.domain.kinds.papers import list_mark
from app.pages.board import home_of, page_config
from app.pages.member import board_id, current_member, needs_role
from app.store.people import Person

pages = Blueprint("desk", __name__, url_prefix="/b/<handle>/desk")


@pages.get("/")
@needs_role(*desks.DESKS)
def desk(handle: str) -> Any:
    page = page_config(handle, "desk")
    page["urls"]["home"] = home_of(current_member(), handle)
    return render_template("desk.html", page=page)


@pages.get("/state")
@needs_role(*desks.DESKS)
def state(handle: str) -> Any:
    """Where the desk's people are, and how far its paper ballots have come."""
    people = desks.seats_at_desk(current_member())
    places = desks.places_of(people)
    return jsonify(
        people={desks.seat_mark(person): places[person.id] for person in people}, paper=_paper(people)
    )


def _paper(people: list[Person]) -> dict[str, Any] | None:
    """Shape: `waiting` are the marks of this desk's seats whose paper waits for a second person; the numbers are of all tables."""
    box = desks.box_of(boards, board_id())
    if box is None:
        return None
    round_, urn = box
    of_desk = {person.id: desks.seat_mark(person) for person in people}
    standing, waits = boards.read(lambda c: (urn.papers.standing(c), urn.papers.waiting(c, of_desk.keys())))
    return {
        "round": round_["id"],
        "epoch": round_["epoch"],
        "list": list_mark(round_["ballot"]),
        "entered": standing.entered,
        "unconfirmed": standing.waiting,
        "waiting": sorted((of_desk[seat] for seat in waits), key=int),
    }


@pages.post("/here")
@needs_role(*desks.DESKS)
def here(handle: str) -> Any:
    """Tick somebody who is here without a device, or take the tick away."""
    asked = request.get_json(silent=True) or {}
    found = next(
        (p for p in desks.seats_at_desk(current_member()) if desks.seat_mark(p) == asked.get("seat")), None
    )
    # A seat of another table and none at all have one answer.
    if found is None or not isinstance(asked.get("here"), bool):
        abort(400)
    if asked["here"]:
        desks.count_in(found)
    else:
        desks.count_out(found)
    return state(handle)
