"""What a workshop needs on paper, as PDF: seat sheets, card sheets, signs, posters, the promise, a guide for each role.

The layouts are Typst files beside this one; every word and number comes in as data. Knows no person, no request, no board.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import segno
import typst

HERE = Path(__file__).parent
LAYOUTS = ("seats", "cards", "signs", "posters", "promise", "guides")


def pdf(layout: str, data: dict[str, Any]) -> bytes:
    """One set as a PDF.

    Shape:  `layout` is one of LAYOUTS; `data` is what the layout's first lines name, JSON values only.
    Raises: KeyError for an unknown layout.
    """
    if layout not in LAYOUTS:
        raise KeyError(layout)
    made: bytes = typst.compile(
        str(HERE / f"{layout}.typ"),
        root=str(HERE),
        format="pdf",
        sys_inputs={"data": orjson.dumps(data).decode()},
    )
    return made


def qr(address: str) -> str:
    """The QR of an address as SVG text, for a layout to draw."""
    return str(segno.make(address, error="m").svg_inline(border=0, omitsize=True))
