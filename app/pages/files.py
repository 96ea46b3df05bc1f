"""A text as a file to keep, under a name of the server's choosing."""

from __future__ import annotations

from flask import Response

from app.pages.member import board_id, main_board, workshop


def attachment(text: str, name: str) -> Response:
    """The CSV of the board that is asked for, named after its workshop."""
    answer = Response(text, mimetype="text/csv")
    practice = "" if board_id() == main_board() else "-practice"
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="palabre-{workshop().code}-{name}{practice}.csv"'
    )
    return answer
