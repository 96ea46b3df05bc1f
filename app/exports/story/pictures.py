"""A published vote as a picture: bars, scores side by side, or a map of two criteria, as its method calls for."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.counting.consent import ANSWERS
from app.domain.counting.scores import HIGHEST, SCALE
from app.domain.records import Record, State
from app.exports.charts.bars import Bar, Style, bars
from app.exports.charts.matrix import Placed, matrix
from app.exports.charts.scores import Scored, scores
from app.exports.document import Figure
from app.exports.order import factor_number
from app.exports.speech import Speech
from app.exports.story.votes import (
    Row,
    answer_words,
    criteria_in,
    criterion_words,
    figure_words,
    is_assessment,
    is_matrix,
    is_mean,
    label_of,
    method_of,
    numbered,
    quarter_words,
    ranked,
    value_of,
)

# A longer list is drawn in its head alone, and not cut inside a tie if that fits a page; the table has it whole.
BARS, MOST_BARS = 15, 22
ANSWER_STYLES: tuple[Style, Style, Style] = ("full", "hatched", "empty")


def picture(state: State, tally: Record, rows: Sequence[Row], say: Speech, name: str) -> Figure:
    if is_matrix(tally):
        return _matrix(state, tally, rows, say, name)
    if is_assessment(tally):
        return _scores(state, tally, rows, say, name)
    return _bars(state, tally, rows, say, name)


def _bars(state: State, tally: Record, rows: Sequence[Row], say: Speech, name: str) -> Figure:
    listed = ranked(rows)
    if len(listed) > BARS:
        last = listed[BARS - 1]["rank"]
        listed = [row for row in listed if row["rank"] <= last][:MOST_BARS]
    full = HIGHEST if is_mean(tally) else max([value_of(tally, row) for row in rows], default=0) or 1
    drawn = [
        Bar(
            f"{row['rank']}{'=' if row['tied'] else ''}",
            label_of(state, row, say),
            figure_words(tally, row, say),
            _parts(tally, row, full, _is_apart(tally, rows)),
            # One colour where the legend is about answers and must hold for every bar.
            None if method_of(tally) == "consent" else factor_number(state, row["factor"]) or None,
        )
        for row in listed
    ]
    if len(listed) < len(rows):
        name = say.gettext(
            "%(vote)s (the first %(n)s of %(all)s)",
            vote=name,
            n=say.number(len(listed)),
            all=say.number(len(rows)),
        )
    alt = say.gettext(
        "Bars: %(list)s.", list="; ".join(f"{bar.place} {bar.label} ({bar.figure})" for bar in drawn[:5])
    )
    key = f"{tally['id']}-{listed[0]['target'] if listed else ''}"
    return Figure(name, bars(drawn, _legend(tally, rows, say), _key(key)), alt)


def _key(words: str) -> str:
    """A name for the patterns of one picture: letters and digits alone."""
    return "p" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in words)


def _is_apart(tally: Record, rows: Sequence[Row]) -> bool:
    """Whether bars have two parts: sums of the two sides add up to one, two means do not."""
    return not is_mean(tally) and any(row["internal"] is not None for row in rows)


def _parts(tally: Record, row: Row, full: float, apart: bool) -> list[tuple[float, Style]]:
    if method_of(tally) == "consent":
        counts = row["counts"]
        everybody = sum(counts.values()) or 1
        answers = zip(ANSWERS, ANSWER_STYLES, strict=True)
        return [(counts.get(answer, 0) / everybody, style) for answer, style in answers]
    if not apart or row["internal"] is None or row["external"] is None:
        return [(value_of(tally, row) / full, "tint" if apart else "full")]
    return [(row["internal"] / full, "full"), (row["external"] / full, "hatched")]


def _legend(tally: Record, rows: Sequence[Row], say: Speech) -> list[tuple[Style, str]]:
    if method_of(tally) == "consent":
        return list(zip(ANSWER_STYLES, answer_words(say).values(), strict=True))
    if not _is_apart(tally, rows):
        return []
    legend: list[tuple[Style, str]] = [
        ("full", say.gettext("internal")),
        ("hatched", say.gettext("external")),
    ]
    if any(row["internal"] is None and row["total"] for row in rows):
        legend.append(("tint", say.gettext("both, not told apart")))
    return legend


def _scores(state: State, tally: Record, rows: Sequence[Row], say: Speech, name: str) -> Figure:
    apart = any(row["internal"] is not None for row in rows)
    drawn = [
        Scored(
            label_of(state, row, say),
            {int(score): count for score, count in row["counts"].items()},
            value_of(tally, row) if row["total"] else None,
            say.decimal(value_of(tally, row)) if row["total"] else "–",
            say.ngettext("%(num)s answer", "%(num)s answers", row.get("answers", 0)),
            row["internal"],
            row["external"],
            factor_number(state, row["factor"]) or None,
        )
        for row in rows
    ]
    legend = {"mean": say.gettext("mean")}
    if apart:
        legend |= {"internal": say.gettext("internal"), "external": say.gettext("external")}
    alt = say.gettext(
        "Scores from 1 to 5, with the mean of each: %(list)s.",
        list="; ".join(f"{one.label} {one.figure}" for one in drawn),
    )
    return Figure(name, scores(drawn, SCALE, legend), alt)


def _matrix(state: State, tally: Record, rows: Sequence[Row], say: Speech, name: str) -> Figure:
    up, across = criteria_in(tally)
    marks = [
        Placed(
            number,
            row["criteria"][across]["value"],
            row["criteria"][up]["value"],
            row.get("quadrant") == "quick_win",
            factor_number(state, row["factor"]) or None,
        )
        for number, row in numbered(rows)
    ]
    named = any(row.get("quadrant") for row in rows)
    axes = (criterion_words(across, say), criterion_words(up, say))
    alt = say.gettext(
        "Map of %(up)s and %(across)s; the table says which number is what.", up=axes[1], across=axes[0]
    )
    return Figure(name, matrix(marks, axes, quarter_words(say) if named else {}), alt)
