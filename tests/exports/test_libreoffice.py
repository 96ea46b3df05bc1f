"""The workbook and both kinds of CSV, opened by a French LibreOffice and compared cell by cell: another program's eyes."""

from __future__ import annotations

import csv
import datetime
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.exports import EXPORTS, history
from app.exports.text import harmless, to_csv
from app.exports.workbook import workbook
from tests.exports.test_exports import CLUSTER, board, card, comment, round_, row, sheet, tally
from tests.exports.test_workbook import NAMES
from tools import libreoffice

NOISE = Path(__file__).resolve().parents[2] / "app/data/niamey/noise_cards.csv"
# What a spreadsheet would like to take for something else, beside the hostile texts of the demo seminar.
AWKWARD = (
    *(
        "007",
        "1/2",
        "3-4",
        "12:30",
        "1E5",
        "1,5",
        "2.5",
        "TRUE",
        "VRAI",
        "50 %",
        "2021-03-31",
        "€ 5",
        " 5 ",
        "0x1F",
    ),
    *(
        "=1+1",
        "＝1+1",
        "@SUM(A1)",
        "'apostrophe",
        "\tTab",
        "Été à Niamey : « oui »",
        "a;b,c",
        'dit "oui"',
        "l'un\nl'autre",
    ),
)
DECIDED = [
    {"seq": 1, "at": "2026-11-26T09:00+01:00", "by": "F", "operation": "=1+1", "about": "007", "detail": ""}
]
FLAVOURS = ("excel", "plain")
EPOCH = datetime.date(1899, 12, 30)


def a_board() -> dict[str, Any]:
    with NOISE.open(encoding="utf-8", newline="") as file:
        hostile = [line["text"] for line in csv.DictReader(file) if line["text"].strip()]
    texts = [*hostile, *AWKWARD]
    cards = [card(n, text=text, cluster="g1" if n % 2 else None) for n, text in enumerate(texts, 1)]
    figures = {"value": 4.1, "low": 1, "high": 3, "agreement": 0.8, "divergence": -21.5, "across": 0.25}
    votes = [tally("V1", row("g1", 6, 1, internal=5, external=1, **figures), row("c2", -2, 2))]
    said = [comment(n, "cards", f"c{n}", text=text) for n, text in enumerate(texts, 1)]
    filled = sheet(
        1, title="=1+1", disposition="implement", deadline="2021-03-31", baseline="0", target="007"
    )
    odd = sheet(2, deadline="2021-02-31", source={"table": "cards", "id": "c2"})
    return board(
        cards=cards,
        clusters=[CLUSTER],
        rounds=[round_("V1", 1)],
        tallies=votes,
        comments=said,
        sheets=[filled, odd],
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What LibreOffice holds of every file: file -> sheet -> rows of [type, text, value]."""
    here = libreoffice.find_or_install()
    if here is None:
        pytest.skip(f"no LibreOffice here: apt install {' '.join(libreoffice.PACKAGES)}")
    office, python = here
    folder = tmp_path_factory.mktemp("office")
    files = {
        f"{name}-{flavour}.csv:{flavour}": text
        for flavour in FLAVOURS
        for name, text in csvs(flavour).items()
    }
    for named, text in files.items():
        (folder / named.rsplit(":", 1)[0]).write_text(text, encoding="utf-8", newline="")
    (folder / "runs.csv").write_text("=1+1;4.1;1/2\r\n")
    (folder / "board.xlsx").write_bytes(workbook(a_board(), "fr", NAMES, DECIDED))
    asked = [str(folder / named) for named in (*files, "board.xlsx:xlsx", "runs.csv:excel")]
    script = Path(__file__).with_name("office.py")
    done = subprocess.run(
        [python, script, office, folder, *asked],
        capture_output=True,
        text=True,
        timeout=200,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {Path(name).name if "/" in name else name: content for name, content in found.items()}


def csvs(flavour: str) -> dict[str, str]:
    texts = {name: export.csv(a_board(), "fr", flavour) for name, export in EXPORTS.items()}
    return {**texts, "decisions": to_csv(history.COLUMNS, DECIDED, flavour)}


def table(name: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """The columns and rows that were written."""
    if name == "decisions":
        return history.COLUMNS, DECIDED
    return EXPORTS[name].columns_of(a_board()), list(EXPORTS[name].rows(a_board(), "fr"))


def test_libreoffice_really_ran_and_in_french(opened: dict[str, Any]) -> None:
    assert opened["locale"] == "fr-FR"
    assert int(opened["version"].split(".")[0]) >= 7
    assert len(opened) == 2 + 2 * (len(EXPORTS) + 1) + 2
    votes = opened["votes-excel.csv:excel"]
    (rows,) = votes.values()
    columns = [cell[1] for cell in rows[0]]
    shown = rows[1][columns.index("value")]
    assert shown == ["number", "4,1", 4.1], "a figure shown with the comma of the country"


def test_it_would_see_what_runs_and_what_is_taken_for_something_else(opened: dict[str, Any]) -> None:
    """The instrument: what a careless export would have written."""
    ((line,),) = opened.pop("runs.csv:excel").values()
    assert [cell[0] for cell in line] == ["formula", "text", "number"]


def check(cell: list[Any], wanted: Any, *, of_csv: bool) -> None:
    kind, text, value = cell
    if isinstance(wanted, datetime.date):
        assert (kind, EPOCH + datetime.timedelta(days=value)) == ("number", wanted), cell
    elif isinstance(wanted, int | float):
        assert (kind, value) == ("number", wanted), cell
    elif wanted in ("", None):
        assert kind == "empty" or text == "", cell
    else:
        # A CSV has no types: what would run keeps the apostrophe that says it is text.
        expected = harmless(wanted) if of_csv else wanted
        assert (kind, text) == ("text", as_a_cell_has_it(expected)), cell


def as_a_cell_has_it(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", [*EXPORTS, "decisions"])
def test_a_csv_opens_cell_by_cell_as_it_was_written(opened: dict[str, Any], name: str, flavour: str) -> None:
    columns, wanted = table(name)
    (rows,) = opened[f"{name}-{flavour}.csv:{flavour}"].values()
    assert [cell[1] for cell in rows[0]] == list(columns)
    assert len(rows) == len(wanted) + 1
    for found, line in zip(rows[1:], wanted, strict=True):
        for cell, column in zip(found, columns, strict=True):
            check(cell, line[column], of_csv=True)


@pytest.mark.parametrize("name", [*EXPORTS, "decisions"])
def test_the_workbook_opens_cell_by_cell_as_it_was_written(opened: dict[str, Any], name: str) -> None:
    columns, wanted = table(name)
    rows = opened["board.xlsx:xlsx"][NAMES[name]]
    assert [cell[1] for cell in rows[0]] == list(columns)
    for found, line in zip(rows[1:], wanted, strict=True):
        for at, column in enumerate(columns):
            cell = found[at] if at < len(found) else ["empty", "", ""]
            check(cell, line[column], of_csv=False)


def test_c02_c03_no_cell_of_any_file_is_a_formula(opened: dict[str, Any]) -> None:
    cells = [
        cell
        for name, sheets in opened.items()
        if ":" in name
        for rows in sheets.values()
        for line in rows
        for cell in line
    ]
    assert len(cells) > 5000
    assert not [cell for cell in cells if cell[0] == "formula"]
