"""Where the actions fall: factors down, axes of the strategy across. An empty field is what nobody proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.exports.charts.drawing import (
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    box,
    colour_of,
    drawing,
    line,
    lines_of,
    shortened,
    words,
)

ROW, HEAD, LABEL = 30, 54, 300


def coverage(
    factors: Sequence[tuple[int, str]], axes: Sequence[str], counts: Mapping[tuple[int, int], int], none: str
) -> str:
    """Shape: `factors` are (number, title); `counts` is (place of the factor, place of the axis) -> how many; `none` the sign
    for an empty field.
    """
    wide = (WIDTH - LABEL) / max(1, len(axes))
    parts = []
    for place, axis in enumerate(axes):
        lines = lines_of(axis, wide - 8, 3, SMALL)
        first = HEAD - 10 - 13 * (len(lines) - 1)
        parts += [
            words(LABEL + wide * (place + 0.5), first + 13 * n, said, anchor="middle", size=SMALL, fill=SOFT)
            for n, said in enumerate(lines)
        ]
    for down, (number, title) in enumerate(factors):
        y = HEAD + ROW * down
        colour, tint = colour_of(number)
        parts += [
            box(0, y + 4, 26, ROW - 8, colour, round_=4),
            words(13, y + 20, str(number), anchor="middle", bold=True, fill="#ffffff"),
            words(36, y + 20, shortened(title, LABEL - 40)),
        ]
        for across in range(len(axes)):
            count = counts.get((down, across), 0)
            x = LABEL + wide * across
            fill = tint if count else "#ffffff"
            parts.append(box(x + 2, y + 3, wide - 4, ROW - 6, fill, edge=colour if count else RULE))
            parts.append(
                words(
                    x + wide / 2,
                    y + 20,
                    str(count) if count else none,
                    anchor="middle",
                    bold=bool(count),
                    fill=colour if count else SOFT,
                )
            )
        parts.append(line(0, y + ROW, WIDTH, y + ROW))
    return drawing(HEAD + ROW * len(factors) + 2, parts)
