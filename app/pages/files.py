"""A text as a file to keep, under a name of the server's choosing."""

from __future__ import annotations

from flask import Response

from app.pages.member import board_id, main_board, workshop


def file_name(name: str) -> str:
    """Chosen here, in ASCII: no text of anybody's gets into a header."""
    practice = "" if board_id() == main_board() else "-practice"
    return f"palabre-{workshop().code}-{name}{practice}"


def attachment(text: str, name: str) -> Response:
    """The CSV of the board that is asked for, named after its workshop."""
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(name)}.csv"'
    return answer
