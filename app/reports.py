"""The report of a board: the story that everybody may read, told once and printed as page, PDF or docx."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from app import languages, prepared, press
from app.boards import boards
from app.clock import zone
from app.domain.records import EVERYONE, State, board_of
from app.exports.document import Document
from app.exports.story import About, story
from app.press import Job, Step

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def version(board_id: str) -> str:
    """The board as it is: what was made from another moment, or before an erasure, is not given any more."""
    return f"{prepared.of_board(board_id)}{boards.moment(board_id).head}"


def document(board_id: str, language: str) -> Document:
    return story(boards.view(board_id, EVERYONE), languages.speech(language), _about(board_id))


def order(board_id: str, kind: str, language: str) -> Job:
    """Have the report printed. Shape: `kind` is one of KINDS. The board is looked at now: what comes later is not in it."""
    made_from = version(board_id)
    state, about = boards.view(board_id, EVERYONE), _about(board_id)
    steps = _steps(kind, language, state, about)
    return prepared.ordered(press.ours().order(made_from, f"{kind}-{language}", steps))


def _steps(kind: str, language: str, state: State, about: About) -> Sequence[tuple[str, Step]]:
    # Loaded by whoever prints: a server that never does need not carry them.
    from app.paper import report, word

    def tell(_: Any) -> Document:
        return story(state, languages.speech(language), about)

    if kind == "pdf":
        return (("tell", tell), ("set", report.pdf))

    def draw(told: Document) -> tuple[Document, list[bytes]]:
        return told, report.pictures(told)

    def write(drawn: tuple[Document, list[bytes]]) -> bytes:
        return word.file(*drawn, datetime.datetime.combine(about.made, datetime.time()))

    return (("tell", tell), ("draw", draw), ("set", write))


def _about(board_id: str) -> About:
    """On which days rounds were begun, by the clock on the room's wall."""
    here = zone(board_of(boards.moment(board_id).state)["time_zone"])

    def day(ms: int) -> datetime.date:
        return datetime.datetime.fromtimestamp(ms / 1000, here).date()

    begun = {
        day(entry.at_ms)
        for entry in boards.log_of(board_id)
        if entry.kind == "round.start" and entry.at_ms is not None
    }
    return About(sorted(begun), day(boards.clock.now_ms()))
