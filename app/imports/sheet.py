"""One CSV file as rows of named cells. Every problem is collected, so that a person mends a file once, not line by line.

Takes what spreadsheets really save: commas, semicolons or tabs; UTF-8 with or without a mark, or the Windows code page of a
French Excel. Knows no column of any file: that is for the modules beside it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.wording import unbroken
from app.imports.problems import Problem

MOST_BYTES = 1024 * 1024
MOST_ROWS = 2000
MOST_CHARS = 600
DELIMITERS = ",;\t"
ID = re.compile(r"[A-Za-z0-9_.-]{1,32}\Z")
TIME = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)\Z")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")

RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: the name its owner knows it by, and its bytes."""

    name: str
    content: bytes


@dataclass(slots=True)
class Sheet:
    """The rows of one file and what is wrong with them."""

    name: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, line: int, column: str, code: str, **data: Any) -> None:
        self.problems.append(Problem(self.name, line, column, code, data))

    def unique(self, column: str) -> None:
        """Complain of every value of the column that an earlier row has."""
        seen: dict[str, int] = {}
        for row in self.rows:
            value = row.cells.get(column, "")
            if value and value in seen:
                self.complain(row.line, column, "twice", value=value, first=seen[value])
            seen.setdefault(value, row.line)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file. Each reader returns a usable value, after complaining when the cell has none."""

    sheet: Sheet
    line: int
    cells: Mapping[str, str]

    def complain(self, column: str, code: str, **data: Any) -> None:
        self.sheet.complain(self.line, column, code, **data)

    def text(self, column: str, default: str = "", *, required: bool = False) -> str:
        value = self.cells.get(column, "")
        if required and not value:
            self.complain(column, "empty")
        if len(value) > MOST_CHARS:
            self.complain(column, "too_long", limit=MOST_CHARS)
        return value or default

    def record_id(self, column: str) -> str:
        value = self.text(column, required=True)
        if value and not ID.match(value):
            self.complain(column, "not_an_id", value=value)
        return value

    def words(self, column: str, *, required: bool = False) -> dict[str, str]:
        """The text in French and English, from `column_fr` and `column_en`; one stands in for the other where it is empty."""
        french, english = unbroken(self.cells.get(f"{column}_fr", "")), self.cells.get(f"{column}_en", "")
        if required and not (french or english):
            self.complain(f"{column}_fr", "empty")
        for language, value in (("fr", french), ("en", english)):
            if len(value) > MOST_CHARS:
                self.complain(f"{column}_{language}", "too_long", limit=MOST_CHARS)
        return {"fr": french or english, "en": english or french}

    def whole(self, column: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within bounds; an empty cell is the default, or a problem when there is none."""
        value = self.text(column, required=default is None)
        if not value:
            return low if default is None else default
        if not value.isascii() or not value.isdigit() or len(value) > 9 or not low <= int(value) <= high:
            self.complain(column, "not_a_number", value=value, low=low, high=high)
            return low
        return int(value)

    def time(self, column: str) -> str:
        value = self.text(column, required=True)
        found = TIME.match(value)
        if value and not found:
            self.complain(column, "not_a_time", value=value)
        return f"{int(found[1]):02d}:{found[2]}" if found else "00:00"

    def choice(self, column: str, choices: Mapping[str, str], default: str | None = None) -> str:
        """One of the choices, by what is written in the cell; an empty cell is the default, or a problem when there is none."""
        value = self.text(column, required=default is None).lower()
        if value in choices:
            return choices[value]
        if value:
            self.complain(column, "not_a_choice", value=value, choices=", ".join(choices))
        return default if default is not None else next(iter(choices.values()))


def read_sheet(upload: Upload, required: Sequence[str]) -> Sheet:
    """The file's rows; its problems when it is not a table with these columns."""
    sheet = Sheet(upload.name)
    text = _text(upload, sheet)
    if text is None:
        return sheet
    lines = _lines(text, sheet)
    header = [name.strip().lower() for name in lines[0][1]] if lines else []
    _check_header(sheet, header, required)
    if sheet.problems:
        return sheet
    for line, values in lines[1 : MOST_ROWS + 1]:
        if any(value.strip() for value in values):
            _add_row(sheet, header, line, values)
    if len(lines) > MOST_ROWS + 1:
        sheet.complain(lines[MOST_ROWS + 1][0], "", "too_many_rows", limit=MOST_ROWS)
    if not sheet.rows and not sheet.problems:
        sheet.complain(2, "", "no_rows")
    return sheet


def _text(upload: Upload, sheet: Sheet) -> str | None:
    if len(upload.content) > MOST_BYTES:
        sheet.complain(1, "", "too_large", limit=MOST_BYTES // 1024)
        return None
    try:
        text = upload.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            # What a French Excel calls simply "CSV".
            text = upload.content.decode("cp1252")
        except UnicodeDecodeError:
            sheet.complain(1, "", "not_text")
            return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROLS.search(text):
        sheet.complain(text.count("\n", 0, found.start()) + 1, "", "not_text")
        return None
    if not text.strip():
        sheet.complain(1, "", "nothing")
        return None
    return unicodedata.normalize("NFC", text)


def _lines(text: str, sheet: Sheet) -> list[tuple[int, list[str]]]:
    """Each record with the number of the line on which it begins."""
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for values in _limited(reader):
            found.append((begins, values))
            begins = reader.line_num + 1
    except csv.Error:
        sheet.complain(begins, "", "broken_quotes")
    return found


def _limited(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """No more rows than are needed to know that there are too many."""
    for count, values in enumerate(reader):
        if count > MOST_ROWS + 1:
            return
        yield values


def _check_header(sheet: Sheet, header: Sequence[str], required: Sequence[str]) -> None:
    if sheet.problems:
        return
    for column in required:
        if column not in header:
            sheet.complain(1, column, "no_column")
    for column in sorted({name for name in header if name and header.count(name) > 1}):
        sheet.complain(1, column, "column_twice")


def _add_row(sheet: Sheet, header: Sequence[str], line: int, values: Sequence[str]) -> None:
    if len(values) != len(header):
        sheet.complain(line, "", "wrong_width", cells=len(values), columns=len(header))
        return
    cells = {name: _as_written(value) for name, value in zip(header, values, strict=True)}
    sheet.rows.append(Row(sheet, line, cells))


def _as_written(value: str) -> str:
    """A cell without the apostrophe that our own exports put before what a spreadsheet would run."""
    value = value.strip()
    return value[1:] if value[:1] == "'" and value[1:2] in RUNS else value
