"""A CSV file as rows that know their line, and faults that name file, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where. Units: `line` counts from 1, the header being line 1. `text` has an entry per language."""

    file: str
    line: int
    column: str
    fr: str
    en: str


class ImportFailed(Exception):
    """Nothing was imported. `faults` lists all that was found, at most 50."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.file}:{f.line} {f.column}: {f.en}" for f in faults[:5]))
        self.faults = faults[:50]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. `get` reads a cell and turns it into a value, noting a fault when that fails."""

    file: str
    line: int
    cells: dict[str, str]
    faults: list[Fault]

    def get(self, column: str, read: Callable[[str], T], default: T) -> T:
        try:
            return read(self.cells.get(column, "").strip())
        except Wrong as wrong:
            self.faults.append(Fault(self.file, self.line, column, wrong.fr, wrong.en))
            return default

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()


class Wrong(Exception):
    """A cell that cannot be read, in both languages."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr, self.en = fr, en


def read_table(file: str, content: bytes, columns: tuple[str, ...], faults: list[Fault]) -> Iterator[Row]:
    """The rows of a file that must have these columns. UTF-8 with or without BOM; `,` or `;`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.append(Fault(file, line, "", "ce fichier n'est pas en UTF-8", "this file is not in UTF-8"))
        return
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        for column in missing:
            faults.append(Fault(file, 1, column, "cette colonne manque", "this column is missing"))
        if missing:
            return
        for count, cells in enumerate(reader):
            row = {k: v for k, v in cells.items() if k is not None and isinstance(v, str)}
            if None in cells or len(row) < len(reader.fieldnames or ()):
                fr, en = (
                    "cette ligne n'a pas le bon nombre de cases",
                    "this line has the wrong number of cells",
                )
                faults.append(Fault(file, reader.line_num, "", fr, en))
            if count >= MOST_ROWS:
                faults.append(Fault(file, reader.line_num, "", "trop de lignes", "too many lines"))
                return
            yield Row(file, reader.line_num, row, faults)
    except csv.Error as error:
        fr, en = "guillemets ou séparateurs incorrects", f"the quotes or separators are wrong ({error})"
        faults.append(Fault(file, reader.line_num, "", fr, en))


# --- readers of cells ---


def needed(cell: str) -> str:
    if not cell:
        raise Wrong("cette case est vide", "this cell is empty")
    return cell


def whole(low: int, high: int, empty: int | None = None) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if not cell and empty is not None:
            return empty
        if not cell.isascii() or not cell.isdigit() or not low <= int(cell) <= high:
            raise Wrong(
                f"« {cell} » n'est pas un nombre entier de {low} à {high}",
                f'"{cell}" is not a whole number from {low} to {high}',
            )
        return int(cell)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in choices:
            listed = ", ".join(choice or "(vide)" for choice in choices)
            raise Wrong(f"« {cell} » n'est pas l'un de : {listed}", f'"{cell}" is not one of: {listed}')
        return cell

    return read


def yes(cell: str) -> bool:
    return one_of("yes", "no", "")(cell) == "yes"


def clock_time(cell: str) -> str:
    hours, _, minutes = cell.partition(":")
    if len(cell) != 5 or not (hours + minutes).isdigit() or int(hours) > 23 or int(minutes) > 59:
        raise Wrong(f"« {cell} » n'est pas une heure (08:45)", f'"{cell}" is not a time (08:45)')
    return cell
