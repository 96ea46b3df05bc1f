"""What a workshop needs on paper, as PDF: seat sheets, card sheets, ballots, signs, posters, the promise, a guide for each role.

The layouts are Typst files beside this one; every word and number comes in as data. Knows no person, no request, no board.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import segno
import typst

HERE = Path(__file__).parent
LAYOUTS = ("seats", "cards", "ballots", "signs", "posters", "promise", "guides", "report", "figures")


def pdf(layout: str, data: dict[str, Any]) -> bytes:
    """One set as a PDF.

    Shape:  `layout` is one of LAYOUTS; `data` is what the layout's first lines name, JSON values only.
    Raises: KeyError for an unknown layout.
    """
    made: bytes = _compiled(layout, data, format="pdf")
    return made


def pngs(layout: str, data: dict[str, Any], dots_per_inch: int) -> list[bytes]:
    """The pages of a layout as pictures. Raises: KeyError for an unknown layout."""
    made = _compiled(layout, data, format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def _compiled(layout: str, data: dict[str, Any], **how: Any) -> Any:
    if layout not in LAYOUTS:
        raise KeyError(layout)
    return typst.compile(
        str(HERE / f"{layout}.typ"),
        root=str(HERE),
        # Ours before the machine's: Arabic is set the same everywhere.
        font_paths=[str(HERE / "fonts")],
        sys_inputs={"data": orjson.dumps(data).decode()},
        **how,
    )


def with_codes(data: Any) -> Any:
    """The same data with `qr`, the code as SVG, beside every `qr_of`, an address."""
    if isinstance(data, dict):
        drawn = {name: with_codes(value) for name, value in data.items()}
        return drawn | {"qr": qr(data["qr_of"])} if "qr_of" in data else drawn
    return [with_codes(one) for one in data] if isinstance(data, list) else data


def qr(address: str) -> str:
    """The QR of an address as SVG text, for a layout to draw."""
    return str(segno.make(address, error="m").svg_inline(border=0, omitsize=True))
