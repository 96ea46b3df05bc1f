"""The whole board as one JSON file, which comes in again as an equal board. What it holds is said in `docs/exports.md`.

Exact, where CSV is for the eye: nothing is masked in it, because what comes in again must be what went out. It holds what
everybody can read on the board, and no more.
"""

from __future__ import annotations

import orjson

from app.domain.kinds.boardfile import FORMAT, VERSION, kept
from app.domain.records import State


def board_file(state: State) -> bytes:
    """Shape: {format, version, table: [records]}; the state may be any view, it is cut to what everybody sees."""
    return orjson.dumps({"format": FORMAT, "version": VERSION, **kept(state)}, option=orjson.OPT_INDENT_2)
