"""Scores on one scale, a line each: a disc for every score, as large as it was often given; the mean, and the sides' means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from app.exports.charts.drawing import (
    INK,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    box,
    colour_of,
    dot,
    drawing,
    line,
    lines_of,
    words,
)

ROW, TOP, LABEL, LARGEST = 42, 46, 250, 17
FIRST, LAST = LABEL + 40, WIDTH - 110


@dataclass(frozen=True, slots=True)
class Scored:
    """Shape: `counts` is score -> how many gave it; `mean`, `internal`, `external` are None where there is none to show."""

    label: str
    counts: Mapping[int, int]
    mean: float | None
    figure: str
    answers: str
    internal: float | None = None
    external: float | None = None
    number: int | None = None


def scores(rows: Sequence[Scored], scale: Sequence[int], legend: Mapping[str, str]) -> str:
    """Shape: `legend` names "mean", and "internal" and "external" where they are shown."""
    most = max([count for row in rows for count in row.counts.values()], default=1) or 1

    def at(score: float) -> float:
        return FIRST + (score - scale[0]) / (scale[-1] - scale[0]) * (LAST - FIRST)

    bottom = TOP + ROW * len(rows)
    parts = _legend(legend)
    for score in scale:
        parts.append(line(at(score), TOP - 4, at(score), bottom, stroke=RULE))
        parts.append(words(at(score), TOP - 9, str(score), anchor="middle", size=SMALL, fill=SOFT))
    for place, row in enumerate(rows):
        parts += _row(row, TOP + ROW * place + ROW / 2, at, most)
        parts.append(line(0, TOP + ROW * (place + 1), WIDTH, TOP + ROW * (place + 1)))
    return drawing(bottom + 2, parts)


def _legend(legend: Mapping[str, str]) -> list[str]:
    x, parts = 0.0, []
    for name in ("mean", "internal", "external"):
        if name in legend:
            parts.append(_sign(name, x + 7, 11))
            parts.append(words(x + 20, 15, legend[name], size=SMALL, fill=SOFT))
            x += 20 + 6.2 * len(legend[name]) + 24
    return parts


def _row(row: Scored, y: float, at: Callable[[float], float], most: int) -> list[str]:
    colour, _ = colour_of(row.number)
    parts = []
    left = 0.0
    if row.number:
        parts += [
            box(0, y - 11, 26, 22, colour, round_=4),
            words(13, y + 5, str(row.number), anchor="middle", bold=True, fill="#ffffff"),
        ]
        left = 36
    lines = lines_of(row.label, LABEL - left, 2)
    first = y + 4.5 - 7.5 * (len(lines) - 1)
    parts += [words(left, first + 15 * place, said) for place, said in enumerate(lines)]
    parts += [
        dot(at(score), y, max(1.5, LARGEST * sqrt(count / most)), colour, opacity=0.45)
        for score, count in sorted(row.counts.items())
        if count
    ]
    for name, value in (("internal", row.internal), ("external", row.external), ("mean", row.mean)):
        if value is not None:
            parts.append(_sign(name, at(value), y))
    parts += [
        words(WIDTH, y + 1, row.figure, anchor="end", bold=True, size=15),
        words(WIDTH, y + 15, row.answers, anchor="end", size=10.5, fill=SOFT),
    ]
    return parts


def _sign(name: str, x: float, y: float) -> str:
    if name == "mean":
        return line(x, y - 11, x, y + 11, stroke=INK, width=3)
    if name == "internal":
        return box(x - 4.5, y - 4.5, 9, 9, INK, edge="#ffffff")
    return dot(x, y, 4.5, "#ffffff", edge=INK, stroke=2)
