"""Rows as CSV that a spreadsheet opens as it is meant: nothing in a cell ever runs, and no telephone number travels on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.language import LANGUAGES

Row = Mapping[str, object]

# Source: OWASP ASVS 1.2.10, and the full-width forms that some spreadsheets read as the plain ones.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
# An international prefix, the pairs in which numbers are written here, or eight digits and more in one go; not years, not
# amounts, not a day such as 20200922.
_TELEPHONE = re.compile(
    r"(?:\+|\b00)\d[\d .()/-]{6,}\d"
    r"|(?<![\d,.])(?:\d{2}[ .-]){3,4}\d{2}(?![\d,.]\d|\d)"
    r"|(?<![\d,.])(?!(?:19|20)\d{6}\b)\d{5,9}(?!000\b)\d{3}(?![\d,.]\d|\d)"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SPACES = " \u00a0\u202f\u2007\ufeff\u200b"
MASK = "[…]"


@dataclass(frozen=True, slots=True)
class Flavour:
    """How a spreadsheet wants its CSV."""

    delimiter: str
    mark: str


# French Excel expects semicolons, and reads UTF-8 without a mark as the Windows code page.
FLAVOURS = {"excel": Flavour(";", "\ufeff"), "plain": Flavour(",", "")}


def masked(text: str) -> str:
    """The text without telephone numbers and e-mail addresses."""
    return _TELEPHONE.sub(MASK, _MAIL.sub(MASK, text))


def translations(record: Mapping[str, Any]) -> dict[str, str]:
    """What people made of a text in the other language, as two columns."""
    kept = record.get("translation", {})
    return {f"translation_{language}": masked(kept.get(language, "")) for language in LANGUAGES}


def harmless(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula. Numbers of ours stay numbers."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    text = cell.replace("\x00", "")
    return "'" + cell if cell.lstrip(_SPACES).startswith(_RUNS) or text != cell else cell


def to_csv(columns: Sequence[str], rows: Iterable[Row], flavour: str) -> str:
    """The rows under their header, every cell quoted, lines ended by CRLF. Shape: `flavour` is a key of `FLAVOURS`."""
    chosen = FLAVOURS[flavour]
    out = io.StringIO(newline="")
    out.write(chosen.mark)
    writer = csv.writer(out, delimiter=chosen.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(row[column]) for column in columns] for row in rows)
    return out.getvalue()
