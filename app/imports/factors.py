"""factors.csv: the board's fixed headings. Titles and help come in any language, one column `title_<xx>` or `help_<xx>` each."""

from __future__ import annotations

import re
from typing import Any

from app.imports.sheet import Row, Sheet

# `Row.words` reads these, and lets one stand in for the other.
OURS = ("fr", "en")
COLUMNS = ("factor_id", "number", "title_fr", "title_en")
WORDS = re.compile(r"(title|help)_([a-z]{2})\Z")


def read_factors(sheet: Sheet) -> list[dict[str, Any]]:
    """The factors as `board.setup` takes them, by their number."""
    sheet.unique("factor_id")
    sheet.unique("number")
    factors = []
    for row in sheet.rows:
        factor = {
            "id": row.record_id("factor_id"),
            "number": row.whole("number", 1, 99),
            "title": row.words("title", required=True),
            "help": row.words("help"),
        }
        _add_languages(factor, row)
        factors.append(factor)
    return sorted(factors, key=lambda factor: factor["number"])


def _add_languages(factor: dict[str, Any], row: Row) -> None:
    for column, value in row.cells.items():
        if (found := WORDS.match(column)) and value and found[2] not in OURS:
            factor[found[1]][found[2]] = row.text(column)
