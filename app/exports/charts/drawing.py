"""What all pictures share: the strokes, the colours of print, and about how wide words are."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

# As in static/css/tokens.css, light.
INK, SOFT, RULE, EDGE, BRAND, BRAND_SOFT = "#1b1a24", "#575360", "#d8d0bf", "#857c6c", "#2e3280", "#e6e6f2"
MARK, MARK_SOFT = "#f0b73c", "#fdf0cd"
FACTORS = (
    *("#c82e57", "#514ac6", "#023f39", "#895b92", "#4b7107"),
    *("#4f2c00", "#961d87", "#0b705e", "#5b4c03", "#085471"),
)
FACTORS_SOFT = (
    *("#faeaea", "#efedf4", "#e8ece7", "#f4eeef", "#eff0e2"),
    *("#efeae2", "#f6e9ee", "#e9f0ea", "#f0ede2", "#e9eeec"),
)
# Four units a millimetre on a page of A4 between its margins.
WIDTH = 680
TYPE, SMALL = 13, 11.5
# How wide a letter is, of its height: of the faces we print with, rather too much than too little.
_LETTER = 0.5


def colour_of(number: int | None) -> tuple[str, str]:
    """A factor's colour and its tint; the brand's for what belongs to none."""
    if not number:
        return BRAND, BRAND_SOFT
    return FACTORS[(number - 1) % len(FACTORS)], FACTORS_SOFT[(number - 1) % len(FACTORS)]


def shortened(words: str, width: float, size: float = TYPE) -> str:
    """The words on one line, cut at a word's end where they would not fit."""
    line = " ".join(words.split())
    most = int(width / (size * _LETTER))
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def lines_of(words: str, width: float, most: int, size: float = TYPE) -> list[str]:
    """The words on so many lines at the most."""
    room, lines, left = int(width / (size * _LETTER)), [""], words.split()
    for place, word in enumerate(left):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            if len(lines) == most:
                lines[-1] = shortened(" ".join([lines[-1], *left[place:]]), width, size)
                break
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [shortened(line, width, size) for line in lines]


def drawing(height: float, parts: Iterable[str], *, patterns: Iterable[str] = ()) -> str:
    """The whole picture. Two faces are named: the one our PDF is set in, and one with Arabic."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
        f'font-family="Libertinus Serif, Noto Naskh Arabic" font-size="{TYPE}" fill="{INK}">'
        f"<defs>{''.join(patterns)}</defs>{''.join(parts)}</svg>"
    )


def words(
    x: float,
    y: float,
    said: str,
    *,
    anchor: str = "start",
    size: float = TYPE,
    bold: bool = False,
    fill: str = INK,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}" fill="{fill}"{weight}>'
        f"{escape(said)}</text>"
    )


def box(
    x: float, y: float, width: float, height: float, fill: str, *, edge: str = "none", round_: float = 0
) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{max(0, width):g}" height="{height:g}" rx="{round_:g}" '
        f'fill="{fill}" stroke="{edge}"/>'
    )


def dot(
    x: float, y: float, radius: float, fill: str, *, edge: str = "none", stroke: float = 1, opacity: float = 1
) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{edge}" stroke-width="{stroke:g}" '
        f'fill-opacity="{opacity:g}"/>'
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str = RULE,
    width: float = 1,
    dashes: str = "none",
) -> str:
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}" stroke-width="{width:g}" '
        f'stroke-dasharray="{dashes}"/>'
    )


def hatch(name: str, colour: str, tint: str) -> str:
    """A pattern that is told from the full colour without colours. Its name must differ within a page."""
    return (
        f'<pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
        f'<rect width="7" height="7" fill="{tint}"/><rect width="3" height="7" fill="{colour}"/></pattern>'
    )
