"""Two criteria as a map: a numbered mark for each action, the quarters named. Which number is what stands in a table beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, sin

from app.exports.charts.drawing import (
    EDGE,
    INK,
    MARK,
    MARK_SOFT,
    SMALL,
    SOFT,
    box,
    colour_of,
    dot,
    drawing,
    line,
    words,
)

SIZE, LEFT, TOP, APART = 420, 130, 26, 25
LOWEST, HIGHEST = 1, 5
STEPS = 1000
# About the golden angle, in radians: no two directions are alike.
TURN = 2.4


@dataclass(slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Shape: `across` and `up` are means of the two criteria; `factor` a number."""

    number: int
    across: float
    up: float
    is_quick_win: bool = False
    factor: int | None = None


def matrix(marks: Sequence[Placed], axes: tuple[str, str], quarters: Mapping[str, str]) -> str:
    """Shape: `axes` names what goes across and what goes up; `quarters` quick_win, major_work, small_step, not_now."""

    def at(value: float) -> float:
        return (value - LOWEST) / (HIGHEST - LOWEST) * SIZE

    means = [Point(at(mark.across), SIZE - at(mark.up)) for mark in marks]
    places = spread(means, APART, SIZE)
    middle = SIZE / 2
    parts = [
        box(LEFT + middle, TOP, middle, middle, MARK_SOFT),
        box(LEFT, TOP, SIZE, SIZE, "none", edge=INK),
        line(LEFT + middle, TOP, LEFT + middle, TOP + SIZE, stroke=EDGE, dashes="4 4"),
        line(LEFT, TOP + middle, LEFT + SIZE, TOP + middle, stroke=EDGE, dashes="4 4"),
        *_frame(axes, quarters, at),
    ]
    for mean, place in zip(means, places, strict=True):
        if hypot(mean.x - place.x, mean.y - place.y) >= APART / 4:
            parts.append(line(LEFT + mean.x, TOP + mean.y, LEFT + place.x, TOP + place.y, stroke=SOFT))
            parts.append(dot(LEFT + mean.x, TOP + mean.y, 2.5, SOFT))
    for mark, place in zip(marks, places, strict=True):
        fill = MARK if mark.is_quick_win else "#ffffff"
        parts += [
            dot(LEFT + place.x, TOP + place.y, APART / 2 - 1, fill, edge=colour_of(mark.factor)[0], stroke=2),
            words(LEFT + place.x, TOP + place.y + 4.2, str(mark.number), anchor="middle", bold=True, size=12),
        ]
    return drawing(TOP + SIZE + 62, parts)


def _frame(axes: tuple[str, str], quarters: Mapping[str, str], at: Callable[[float], float]) -> list[str]:
    across, up = axes
    below, right = TOP + SIZE, LEFT + SIZE
    parts = [
        words(right, TOP - 8, quarters.get("quick_win", ""), anchor="end", bold=True),
        words(LEFT, TOP - 8, quarters.get("major_work", ""), bold=True),
        words(right, below + 36, quarters.get("small_step", ""), anchor="end", bold=True),
        words(LEFT, below + 36, quarters.get("not_now", ""), bold=True),
        words(LEFT + SIZE / 2, below + 54, f"{across} →", anchor="middle", bold=True),
        f'<g transform="translate({LEFT - 34} {TOP + SIZE / 2}) rotate(-90)">'
        f"{words(0, 0, f'{up} →', anchor='middle', bold=True)}</g>",
    ]
    for score in range(LOWEST, HIGHEST + 1):
        parts.append(words(LEFT + at(score), below + 17, str(score), anchor="middle", size=SMALL, fill=SOFT))
        parts.append(
            words(LEFT - 10, TOP + SIZE - at(score) + 4, str(score), anchor="end", size=SMALL, fill=SOFT)
        )
    return parts


def spread(points: Sequence[Point], apart: float, size: float) -> list[Point]:
    """The points moved as little as keeps any two of them `apart`, all between 0 and `size`; the same each time."""

    def inside(value: float) -> float:
        return min(size - apart / 2, max(apart / 2, value))

    placed = [Point(inside(point.x), inside(point.y)) for point in points]
    for _ in range(STEPS):
        moved = False
        for place, one in enumerate(placed):
            for other, point in enumerate(placed[place + 1 :]):
                moved = _part(one, point, apart, place + other) or moved
        for point in placed:
            point.x, point.y = inside(point.x), inside(point.y)
        if not moved:
            break
    return placed


def _part(one: Point, other: Point, apart: float, turn: int) -> bool:
    """Push two points apart; `turn` chooses a direction for two that lie on one another. Returns whether they were too near."""
    away = hypot(other.x - one.x, other.y - one.y)
    push = (apart - away) / 2 * 1.02
    if push <= 0.01:
        return False
    if away < 0.01:
        x, y = cos(turn * TURN), sin(turn * TURN)
    else:
        x, y = (other.x - one.x) / away, (other.y - one.y) / away
    one.x, one.y = one.x - x * push, one.y - y * push
    other.x, other.y = other.x + x * push, other.y + y * push
    return True
