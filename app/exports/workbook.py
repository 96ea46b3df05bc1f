"""The whole board as one workbook: a sheet for each table of the CSV files, and a native chart for each published vote.

The rows are those of `EXPORTS`, so the workbook says exactly what the CSV says. Every text is typed as text: a spreadsheet
takes nothing of it for a formula, a link or a number.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain.records import State
from app.exports import EXPORTS, history

# A cell's width in characters: what is longer is wrapped.
WIDE, NARROW = 48, 14
_AS_TEXT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
# Only these columns hold long texts.
_LONG = ("text", "label", "comments", "title", "question", "step", "reason", "risk", "means", "indicator")
CHART_ROW_PX, CHART_HEAD_PX = 26, 110
MOST_IN_A_CHART = 40


def workbook(
    state: State, language: str, names: Mapping[str, str], decided: Sequence[dict[str, Any]] = ()
) -> bytes:
    """The board as XLSX.

    Shape: `names` gives each table of EXPORTS, "decisions" and "charts" its tab's name in the reader's language; `decided` are
           the rows of `history.rows`.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**_AS_TEXT, "in_memory": True})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    votes: list[dict[str, Any]] = []
    for table, export in EXPORTS.items():
        sheet = book.add_worksheet(names[table][:31])
        rows = list(export.rows(state, language))
        _fill(sheet, export.columns_of(state), rows, head, body, day)
        if table == "votes":
            votes = rows
    _fill(book.add_worksheet(names["decisions"][:31]), history.COLUMNS, list(decided), head, body, day)
    _draw(book, names, votes)
    book.close()
    return out.getvalue()


def _fill(
    sheet: Worksheet,
    columns: tuple[str, ...],
    rows: list[dict[str, Any]],
    head: Format,
    body: Format,
    day: Format,
) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, WIDE if any(word in column for word in _LONG) else NARROW, body)
        sheet.write_string(0, at, column, head)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    for place, row in enumerate(rows, 1):
        for at, column in enumerate(columns):
            value = row[column]
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(place, at, value, body)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(place, at, datetime.datetime.combine(value, datetime.time()), day)
            elif value not in ("", None):
                sheet.write_string(place, at, str(value), body)


def _draw(book: Any, names: Mapping[str, str], votes: list[dict[str, Any]]) -> None:
    """One bar chart for each vote and factor, its bars in the order of the rows, by side where the rows are."""
    sheet = book.add_worksheet(names["charts"][:31])
    columns = EXPORTS["votes"].columns
    tab = names["votes"][:31]
    label = columns.index("target_label")
    at_px = 0
    for first, last, title in _charts(votes):
        chart = book.add_chart({"type": "bar", "subtype": "stacked"})
        split = votes[first]["internal"] is not None and not _is_mean(votes[first])
        # Sums of two sides add up to a bar; two means do not.
        for column in ("internal", "external") if split else ("value",):
            at = columns.index(column)
            chart.add_series(
                {
                    "name": [tab, 0, at],
                    "categories": [tab, first + 1, label, last + 1, label],
                    "values": [tab, first + 1, at, last + 1, at],
                }
            )
        height = CHART_HEAD_PX + CHART_ROW_PX * (last - first + 1)
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
        chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
        chart.set_legend({"position": "bottom"} if split else {"none": True})
        chart.set_size({"width": 900, "height": height})
        sheet.insert_chart(0, 0, chart, {"y_offset": at_px})
        at_px += height + 20


def _charts(votes: list[dict[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """(first row, last row, title) of each vote and factor; rows of one lie together. A long list shows its head."""
    first = 0
    for place in range(1, len(votes) + 1):
        here, there = votes[first], votes[place] if place < len(votes) else None
        if there and _group(there) == _group(here):
            continue
        factor = (
            f" · {here['factor_number']}" if here["rank_within"] == "factor" and here["factor_number"] else ""
        )
        yield (
            first,
            min(place - 1, first + MOST_IN_A_CHART - 1),
            f"{here['round_fr'] or here['round']}{factor}",
        )
        first = place


def _group(row: dict[str, Any]) -> tuple[Any, ...]:
    by_factor = row["factor_number"] if row["rank_within"] == "factor" else ""
    return row["round"], row["epoch"], by_factor, row["internal"] is not None and not _is_mean(row)


def _is_mean(row: dict[str, Any]) -> bool:
    return str(row["method"]).startswith(("score_1_5", "criteria_1_5"))
