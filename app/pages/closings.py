"""The close records: for every member, what came out of each urn and that its key is gone; to read, note and print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app import languages
from app.boards import boards
from app.destroyed import destroyed
from app.domain.records import EVERYONE
from app.exports.closings import closings
from app.exports.story.closing import came_out, changed_words, grouped
from app.pages.member import board_id, main_board, needs_role, workshop
from app.pages.words import in_language, language

pages = Blueprint("closings", __name__, url_prefix="/b/<handle>/closings")


@pages.get("/")
@needs_role()
def listing(handle: str) -> Any:
    found = list(closings(boards.view(board_id(), EVERYONE)))
    gone = destroyed(board_id(), [(one.round["id"], one.record["epoch"]) for one in found])
    say = languages.speech(language())
    rows = [
        {
            "round": in_language(one.round["name"]),
            "epoch": one.record["epoch"],
            "seats": one.record["seats"],
            "came_out": came_out(one, say),
            "mark": grouped(one.record["mark"]) if one.has_list else "",
            "changed": "" if one.is_same else changed_words(one, say),
            "is_destroyed": (one.round["id"], one.record["epoch"]) in gone,
        }
        for one in found
    ]
    return render_template(
        "pages/closings.html",
        handle=handle,
        workshop=workshop(),
        board=None if board_id() == main_board() else board_id(),
        rows=rows,
    )
