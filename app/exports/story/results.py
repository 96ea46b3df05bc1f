"""A published vote whole: its picture, its table, and how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.counting.sides import SIDES
from app.domain.records import Record, State
from app.exports.document import Blocks, Cell, Column, Paragraph, Table, plain, said, soft
from app.exports.speech import Speech
from app.exports.story.pictures import picture
from app.exports.story.votes import (
    Row,
    answer_words,
    criteria_in,
    criterion_words,
    is_assessment,
    is_matrix,
    is_mean,
    label_of,
    marks_words,
    method_of,
    name_of,
    numbered,
    places_words,
    ranked,
    rule_words,
    split_words,
    value_of,
)


def result(
    state: State, tally: Record, say: Speech, rows: Sequence[Row] | None = None, about: str = ""
) -> Blocks:
    """Picture, table and how to read them. Shape: `rows` is the list it is narrowed to; `about` what that list is called."""
    chosen = tally["rows"] if rows is None else rows
    name = f"{name_of(state, tally, say)}{f' · {about}' if about else ''}"
    yield picture(state, tally, chosen, say, name)
    yield Table(name, *_table(state, tally, chosen, say))
    if note := " ".join(filter(None, [rule_words(tally, chosen, say), split_words(tally, say)])):
        yield Paragraph(plain(note), "note")


def _table(
    state: State, tally: Record, rows: Sequence[Row], say: Speech
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    columns, cells = zip(*_columns(state, tally, rows, say), strict=True)
    listed = rows if is_assessment(tally) else ranked(rows)
    return tuple(columns), tuple(tuple(cell(row) for cell in cells) for row in listed)


def _columns(state: State, tally: Record, rows: Sequence[Row], say: Speech) -> list[tuple[Column, Any]]:
    """Each column with what gives its cell: what was voted on, its place, its figures, the sides, and what is to be noted."""

    def number(title: str, cell: Any) -> tuple[Column, Any]:
        return Column(title, 3, is_number=True), lambda row: (plain(cell(row)),)

    def figure(value: float | None) -> str:
        return say.decimal(value) if is_mean(tally) else say.number(value or 0)

    found: list[tuple[Column, Any]] = []
    if is_matrix(tally):
        on_map = {row["target"]: n for n, row in numbered(rows)}
        found.append(number(say.gettext("No."), lambda row: str(on_map.get(row["target"], "–"))))
    elif not is_assessment(tally):
        found.append(number(say.gettext("Rank"), lambda row: f"{row['rank']}{' =' if row['tied'] else ''}"))
    found.append(
        (
            Column(say.gettext("What was voted on"), 11),
            lambda row: (said(label_of(state, row, say)), *_factor_line(state, tally, row, say)),
        )
    )
    if method_of(tally) == "consent":
        found += [
            number(title, lambda row, answer=answer: say.number(row["counts"].get(answer, 0)))
            for answer, title in answer_words(say).items()
        ]
    elif "criteria" in rows[0]:
        found += [
            number(
                criterion_words(name, say), lambda row, name=name: say.decimal(row["criteria"][name]["value"])
            )
            for name in criteria_in(tally)
        ]
    else:
        title = say.gettext("Mean") if is_mean(tally) else say.gettext("Total")
        found.append(number(title, lambda row: figure(value_of(tally, row) if row["total"] else None)))
    if any(row.get("then") for row in rows):
        found.append(number(say.gettext("Then"), lambda row: _mean_then(row, say)))
    if is_mean(tally):
        found.append(number(say.gettext("Answers"), lambda row: say.number(row.get("answers", 0))))
    if any(row.get("agreement") is not None for row in rows):
        found.append(number(say.gettext("Agreement"), lambda row: say.hundredths(row.get("agreement"))))
    if any(row["internal"] is not None for row in rows):
        found += [
            number(title, lambda row, side=side: _side(row[side], figure, say))
            for side, title in zip(SIDES, (say.gettext("Internal"), say.gettext("External")), strict=True)
        ]
    if not is_matrix(tally) and not is_assessment(tally) and any(places_words(row, say) for row in rows):
        found.append(number(say.gettext("Between"), lambda row: places_words(row, say)))
    if any(marks_words(row, say) for row in rows):
        found.append(
            (
                Column(say.gettext("To be noted"), 5),
                lambda row: tuple(soft(words) for words in marks_words(row, say)) or ((),),
            )
        )
    return found


def _mean_then(row: Row, say: Speech) -> str:
    """The mean of the workshop before; the gap of the sides then is on the board, where both were told."""
    then = row.get("then")
    return say.decimal(then["value"]) if then else "–"


def _side(value: float | None, figure: Any, say: Speech) -> str:
    return say.gettext("withheld") if value is None else figure(value)


def _factor_line(state: State, tally: Record, row: Row, say: Speech) -> Cell:
    """Which factor it belongs to, where a list has several."""
    factors = {other["factor"] for other in tally["rows"]}
    record = state["factors"].get(row["factor"])
    if len(factors) < 2 or record is None or row["target"] == row["factor"]:
        return ()
    return (soft(f"{record['number']} {say.of(record['title'])}"),)
