"""A ranking in bars: place, words and figure above each bar; its parts told apart without colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.exports.charts.drawing import (
    INK,
    SMALL,
    SOFT,
    WIDTH,
    box,
    colour_of,
    drawing,
    hatch,
    shortened,
    words,
)

ROW, HEAD, BAR, LEGEND, SIGN = 38, 16, 10, 26, 12
PLACE_WIDTH, FIGURE_WIDTH = 30, 120
EMPTY_TRACK = "#f3f0e8"

Style = Literal["full", "hatched", "empty", "tint"]


@dataclass(frozen=True, slots=True)
class Bar:
    """Shape: `parts` are (share of the full length, style); `factor` is its number."""

    place: str
    label: str
    figure: str
    parts: Sequence[tuple[float, Style]]
    factor: int | None = None


def bars(rows: Sequence[Bar], legend: Sequence[tuple[Style, str]], key: str) -> str:
    """Shape: `legend` names the styles; `key` differs for each picture of a page, whose patterns are named by it."""
    colours = {row.factor or 0 for row in rows}
    # The legend has the list's one colour, or no factor's.
    sign = min(colours) if len(colours) == 1 else 0
    patterns = [hatch(_pattern(key, number), *colour_of(number)) for number in sorted(colours | {sign})]
    top = LEGEND if legend else 0
    parts = _legend(legend, key, sign)
    for place, row in enumerate(rows):
        parts += _bar(row, top + place * ROW, key)
    return drawing(top + len(rows) * ROW, parts, patterns=patterns)


def _pattern(key: str, number: int) -> str:
    return f"{key}-{number}"


def _legend(legend: Sequence[tuple[Style, str]], key: str, number: int) -> list[str]:
    x, parts = float(PLACE_WIDTH), []
    for style, said in legend:
        parts.append(_part(style, x, 3, SIGN, SIGN, key, number))
        parts.append(words(x + 18, 13, said, size=SMALL, fill=SOFT))
        x += 18 + 6 * len(said) + 22
    return parts


def _bar(row: Bar, y: float, key: str) -> list[str]:
    length = WIDTH - PLACE_WIDTH
    found = [
        words(PLACE_WIDTH - 8, y + HEAD - 3, row.place, anchor="end", bold=True),
        words(PLACE_WIDTH, y + HEAD - 3, shortened(row.label, length - FIGURE_WIDTH)),
        words(WIDTH, y + HEAD - 3, row.figure, anchor="end", bold=True),
        box(PLACE_WIDTH, y + HEAD + 3, length, BAR, EMPTY_TRACK),
    ]
    x = float(PLACE_WIDTH)
    for share, style in row.parts:
        found.append(_part(style, x, y + HEAD + 3, share * length, BAR, key, row.factor or 0))
        x += share * length
    return found


def _part(style: Style, x: float, y: float, width: float, height: float, key: str, number: int) -> str:
    colour, tint = colour_of(number)
    if width <= 0:
        return ""
    if style == "full":
        return box(x, y, width, height, colour)
    fill = {"hatched": f"url(#{_pattern(key, number)})", "empty": "#ffffff", "tint": tint}[style]
    edge = INK if style == "empty" else colour
    return box(x + 0.5, y + 0.5, width - 1, height - 1, fill, edge=edge)
