"""The workbook says what the CSV says, cell by cell, read by another program than the one that wrote it."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl

from app.exports import EXPORTS
from app.exports.text import to_csv
from app.exports.workbook import workbook
from tests.exports.test_exports import CLUSTER, board, card, comment, round_, row, sheet, tally

NAMES = {
    "cards": "Actions",
    "votes": "Votes",
    "handcounts": "Mains levées",
    "comments": "Commentaires",
    "sheets": "Fiches",
    "merges": "Groupes fusionnés",
    "clusters": "Groupes",
    "progress": "Avancement",
    "notes": "Notes",
    "flat": "Tout en un",
    "decisions": "Décisions",
    "charts": "Graphiques",
}
FORMULA = '=HYPERLINK("http://exemple.invalid";"cliquez")'


def a_board() -> dict[str, Any]:
    cards = [card(1, cluster="g1", text=FORMULA), card(2, cluster="g1"), card(3, text="@SUM(A1)\nsuite")]
    votes = [
        tally("V1", row("g1", 6, 1), row("c3", 2, 2)),
        tally("V2", row("g1", 9, 1, internal=5, external=4)),
    ]
    rounds = [round_("V1", 1), round_("V2", 2)]
    said = [comment(1, "cards", "c3", text="+227 90 12 34 56 est le numéro")]
    return board(
        cards=cards, clusters=[CLUSTER], rounds=rounds, tallies=votes, comments=said, sheets=[sheet(1)]
    )


def read() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(a_board(), "fr", NAMES)))


def test_every_table_holds_the_rows_of_its_csv() -> None:
    book = read()
    for table, export in EXPORTS.items():
        text = to_csv(export.columns_of(a_board()), export.rows(a_board(), "fr"), "plain")
        expected = list(csv.reader(io.StringIO(text)))
        found = [["" if cell is None else str(cell) for cell in line] for line in book[NAMES[table]].values]
        # The mark before what a CSV reader would run is not needed where a text is typed as one.
        assert found == [[cell.removeprefix("'") for cell in line] for line in expected]


def test_c03_no_text_becomes_a_formula_or_a_link() -> None:
    book = read()
    for name in NAMES.values():
        for cell in (cell for line in book[name].iter_rows() for cell in line):
            assert cell.data_type in ("s", "n")
            assert cell.hyperlink is None
    assert any(cell.value == FORMULA for line in book["Actions"].iter_rows() for cell in line)


def test_figures_are_numbers_and_each_vote_has_its_chart() -> None:
    book = read()
    columns = list(EXPORTS["votes"].columns)
    totals = [line[columns.index("total")].value for line in book["Votes"].iter_rows(min_row=2)]
    assert totals == [6, 2, 9]
    charts = book["Graphiques"]._charts
    assert [len(chart.series) for chart in charts] == [1, 2], "by side only where the split is shown"
