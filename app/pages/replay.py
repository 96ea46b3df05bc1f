"""The replay: how the board came to be, step by step, for every member; and its steps, some at a time."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import languages
from app.boards import boards
from app.exports.steps import Step
from app.film import Film, film_of
from app.pages.board import home_of
from app.pages.history import said
from app.pages.member import board_id, current_member, main_board, needs_role, workshop
from app.pages.words import in_language

pages = Blueprint("replay", __name__, url_prefix="/b/<handle>/replay")


@pages.get("")
@needs_role()
def page(handle: str) -> Any:
    language = languages.chosen_language()
    board = None if board_id() == main_board() else board_id()
    config = {
        "handle": handle,
        "board": board_id(),
        "role": current_member().role,
        "lang": language,
        "urls": {
            "home": home_of(current_member(), handle)
            if board is None
            else url_for("board.board", handle=handle, board=board),
            "steps": url_for("replay.steps", handle=handle, board=board),
        },
        "strings": languages.first_strings(language, "replay"),
    }
    return render_template("replay.html", page=config, workshop=workshop(), is_large="large" in request.args)


@pages.get("/steps.json")
@needs_role()
def steps(handle: str) -> Any:
    """Some steps from one on; from the first when the board has moved since (`mark`).

    Shape: {mark, from, total, steps: [{title, round, changes}], rounds: [{name, step}]}; the rounds come with the first steps.
    """
    film = film_of(board_id())
    asked = request.args.get("from", 0, int) if request.args.get("mark") == film.mark else 0
    first = min(max(asked, 0), len(film.steps))
    last = film.page(first)
    told: dict[str, Any] = {
        "mark": film.mark,
        "from": first,
        "total": len(film.steps),
        "rounds": _rounds(film) if first == 0 else [],
        "steps": [
            {
                "title": title(step),
                "round": step.round,
                # Encoded once for all who look.
                "changes": orjson.Fragment(film.encoded[first + place]),
            }
            for place, step in enumerate(film.steps[first:last])
        ],
    }
    return Response(orjson.dumps(told), mimetype="application/json")


def _rounds(film: Film) -> list[dict[str, Any]]:
    """Where each round begins that was ever started, in the order in which they came."""
    named = boards.moment(board_id()).state["rounds"]
    return [
        {"name": in_language(named[step.round]["name"]), "step": place}
        for place, step in enumerate(film.steps)
        if step.kind == "round.start" and step.round in named
    ]


def title(step: Step) -> str:
    """A step in words."""
    name, many = in_language(step.about) if step.about else "", step.counts
    cards = many.get("cards", 0)
    match step.kind:
        case "board.setup" | "board.import":
            return _("The board at the beginning")
        case "round.start":
            return _("“%(name)s” begins", name=name)
        case "round.void":
            return _("“%(name)s” is cancelled, unread", name=name)
        case "round.publish" | "round.close" if many.get("tallies"):
            return _("The result of “%(name)s”", name=name)
        case "round.publish" | "round.close" if cards:
            return ngettext(
                "“%(name)s” is opened: %(num)s action",
                "“%(name)s” is opened: %(num)s actions",
                cards,
                name=name,
            )
        case "round.publish" | "round.close":
            return _("“%(name)s” is over", name=name)
        case "texts":
            return ngettext("%(num)s action appears", "%(num)s actions appear", cards)
        case "grouping":
            return _grouping(many)
        case "sheets":
            return ngettext("%(num)s action sheet", "%(num)s action sheets", many.get("touched", 0))
        case "hands":
            return _hands(many.get("handcounts", 0))
        case "cluster.merge" | "suggestion.accept":
            return _("Groups become one: “%(name)s”", name=name) if name else _("Groups become one")
        case "card.erase":
            return _("An action was taken away")
    words = said().get(step.kind, step.kind)
    return _("%(what)s: “%(name)s”", what=words, name=name) if name else words


def _grouping(many: dict[str, int]) -> str:
    made, moved = many.get("clusters", 0), many.get("moved", 0)
    actions = ngettext("%(num)s action moved", "%(num)s actions moved", moved)
    if not made:
        return actions if moved else _("Groups are named")
    groups = ngettext("%(num)s new group", "%(num)s new groups", made)
    return f"{groups}, {actions}" if moved else groups


def _hands(tables: int) -> str:
    if not tables:
        return _("Hands are counted again")
    return ngettext("Show of hands at %(num)s table", "Show of hands at %(num)s tables", tables)
