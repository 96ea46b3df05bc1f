"""Rows as CSV that a spreadsheet opens as it is meant: nothing in a cell ever runs, and no telephone number travels on."""

from __future__ import annotations

import csv
import datetime
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
    point: str


# French Excel expects semicolons and decimal commas, and reads UTF-8 without a mark as the Windows code page.
FLAVOURS = {"excel": Flavour(";", "\ufeff", ","), "plain": Flavour(",", "", ".")}


@dataclass(frozen=True, slots=True)
class _Bare:
    """A figure or a day as its flavour writes it, without quotation marks: the csv module quotes all but what is a number."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __float__(self) -> float:
        return 0.0


def masked(text: str) -> str:
    """The text without telephone numbers and e-mail addresses."""
    return _TELEPHONE.sub(MASK, _MAIL.sub(MASK, text))


def translations(record: Mapping[str, Any]) -> dict[str, str]:
    """What people made of a text in the other language, as two columns."""
    kept = record.get("translation", {})
    return {f"translation_{language}": masked(kept.get(language, "")) for language in LANGUAGES}


def day_or_text(written: str) -> datetime.date | str:
    """A day as one that a spreadsheet can reckon with; what is no day of the calendar stays as it was written."""
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        return masked(written)


def harmless(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula. Numbers of ours stay numbers."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    text = cell.replace("\x00", "")
    return "'" + cell if cell.lstrip(_SPACES).startswith(_RUNS) or text != cell else cell


def to_csv(columns: Sequence[str], rows: Iterable[Row], flavour: str) -> str:
    """The rows under their header, every text quoted and no figure, lines ended by CRLF.

    Shape: `flavour` is a key of `FLAVOURS`. What is quoted is text: a spreadsheet that is told so keeps the zeros of 007.
    """
    chosen = FLAVOURS[flavour]
    out = io.StringIO(newline="")
    out.write(chosen.mark)
    writer = csv.writer(out, delimiter=chosen.delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column], chosen) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: object, flavour: Flavour) -> str | _Bare:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _Bare(str(value).replace(".", flavour.point))
    if isinstance(value, datetime.date):
        return _Bare(value.isoformat())
    return harmless(value)
