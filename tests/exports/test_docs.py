"""docs/exports.md says what every column and field is: all of them, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.shapes import SHAPES
from app.exports import EXPORTS, agenda, history
from app.exports.flat import OF_A_VOTE

PAGE = (Path(__file__).resolve().parents[2] / "docs/exports.md").read_text(encoding="utf-8")
COLUMNS = {
    **{name: export.columns for name, export in EXPORTS.items()},
    "decisions": history.COLUMNS,
    "agenda": agenda.COLUMNS,
}


def section(name: str) -> str:
    return PAGE.partition(f"### {name}.csv\n")[2].partition("\n##")[0]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_of_a_file_is_told(name: str) -> None:
    told = [
        column
        for line in section(name).splitlines()
        if line.startswith("| `")
        for column in re.findall(r"`(\w+)`", line.split(" | ")[0])
    ]
    assert sorted(told) == sorted(COLUMNS[name])


def test_no_file_is_told_that_is_not_there() -> None:
    assert re.findall(r"### (\w+)\.csv", PAGE) == list(COLUMNS)


def test_the_columns_of_a_vote_are_told() -> None:
    assert [column for column in OF_A_VOTE if f"`V1_{column}`" not in section("flat")] == []


def test_every_field_of_the_boards_file_is_told() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert [table for table, _ in rows] == list(SHAPES)
    for table, fields in rows:
        required = {name for name, field in SHAPES[table][0].fields.items() if field.required}
        assert set(re.findall(r"`(\w+)`", fields)) == required
        assert set(re.findall(r"\*(\w+)\*", fields)) == set(SHAPES[table][0].fields) - required
