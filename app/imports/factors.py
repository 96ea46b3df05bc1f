"""factors.csv: the board's fixed headings. Titles may come in any language, one column `title_<xx>` each."""

from __future__ import annotations

import re
from typing import Any

from app.imports.sheet import Sheet

COLUMNS = ("factor_id", "number", "title_fr", "title_en")
TITLE = re.compile(r"title_([a-z]{2})\Z")


def read_factors(sheet: Sheet) -> list[dict[str, Any]]:
    """The factors as `board.setup` takes them, by their number."""
    sheet.unique("factor_id")
    sheet.unique("number")
    factors = []
    for row in sheet.rows:
        title = row.words("title", required=True)
        for column, value in row.cells.items():
            if (found := TITLE.match(column)) and value:
                title[found[1]] = row.text(column)
        factors.append(
            {
                "id": row.record_id("factor_id"),
                "number": row.whole("number", 1, 99),
                "title": title,
                "help": row.words("help"),
            }
        )
    return sorted(factors, key=lambda factor: factor["number"])
