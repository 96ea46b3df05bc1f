"""Sets to print, ordered from the press: one set as a PDF, or all of them in every language as one archive.

Everything that stands on them is given: they are made as the workshop was when they were asked for.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from app import prepared, press
from app.press import Job, Step

# The archive of all sets; its steps are the sets, then this.
ALL, PACK = "all", "pack"
CODES, PAGES = "codes", "set"
Data = dict[str, Any]


def order(made_from: str, name: str, layout: str, data: Data) -> Job:
    """Have one set printed.

    Shape: `made_from` is `prepared.of_workshop` as it was before anything was read; `data` is as the layout wants it, with
           `qr_of` where a code is to be drawn.
    """
    from app import paper

    steps: Sequence[tuple[str, Step]] = (
        (CODES, lambda _: paper.with_codes(data)),
        (PAGES, lambda drawn: paper.pdf(layout, drawn)),
    )
    return prepared.ordered(press.ours().order(_of(made_from, data), name, steps))


def order_all(made_from: str, sets: Mapping[str, tuple[str, Data]]) -> Job:
    """Have all sets printed. Shape: `sets` is name of the file -> layout and data."""
    from app import paper

    def one(name: str) -> Step:
        layout, data = sets[name]
        return lambda made: {**(made or {}), name: paper.pdf(layout, paper.with_codes(data))}

    steps = [(name, one(name)) for name in sets]
    return prepared.ordered(press.ours().order(_of(made_from, sets), ALL, [*steps, (PACK, _packed)]))


def _of(made_from: str, data: Any) -> str:
    """The same words and codes again are the same job."""
    return f"{made_from}{hashlib.sha256(orjson.dumps(data)).hexdigest()}"


def _packed(made: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for name, content in made.items():
            members.writestr(f"{name}.pdf", content)
    return archive.getvalue()
