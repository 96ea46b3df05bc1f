"""A workshop as its files describe it: factors, tables, rounds and people that fit together, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.imports import agenda, factors, people
from app.imports.people import PersonPlan
from app.imports.problems import ImportFailed
from app.imports.sheet import Sheet, Upload, read_sheet

COLUMNS: dict[str, Sequence[str]] = {
    "factors": factors.COLUMNS,
    "agenda": agenda.COLUMNS,
    "participants": people.PARTICIPANT_COLUMNS,
    "staff": people.STAFF_COLUMNS,
}
FILES = tuple(COLUMNS)
PEOPLE = ("participants", "staff")
# A whole board in one file, in the place of factors and agenda.
BOARD = "board"
MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class WorkshopPlan:
    """What a workshop begins with. Shape: factors, tables and rounds are as `board.setup` takes them; people in list order."""

    factors: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    rounds: list[dict[str, Any]]
    people: list[PersonPlan] = field(default_factory=list)


def read_plan(uploads: Mapping[str, Upload], template: Mapping[str, Upload]) -> WorkshopPlan:
    """The plan that the files make; factors and agenda that are not uploaded come from the template.

    Shape:  keys are names of `FILES`. The template's agenda is fitted to uploaded factors and tables: what it says of
            its own ones is passed over, so that everybody works on every factor.
    Raises: ImportFailed with every problem of every file; then nothing may be kept.
    """
    given = {name: template[name] for name in ("factors", "agenda")} | dict(uploads)
    sheets = {name: read_sheet(upload, COLUMNS[name]) for name, upload in given.items()}
    _stop_at_problems(sheets)
    listed = factors.read_factors(sheets["factors"])
    factor_ids = [factor["id"] for factor in listed]
    seated = _seated(sheets)
    foreign = "agenda" not in uploads and ("factors" in uploads or bool(seated))
    scoped = not foreign or _fits(sheets["agenda"], factor_ids, seated)
    table_ids = seated or (people.in_order(agenda.tables_of(sheets["agenda"])) if scoped else [])
    rounds = agenda.read_agenda(sheets["agenda"], factor_ids, seated or None, scoped=scoped)
    everybody = _everybody(sheets, table_ids)
    _stop_at_problems(sheets)
    return WorkshopPlan(listed, [_table(table) for table in table_ids], rounds, everybody)


def read_rounds(upload: Upload, factors: Sequence[str], tables: Sequence[str]) -> list[dict[str, Any]]:
    """An agenda for a board that has its factors and tables already.

    Raises: ImportFailed with every problem; then nothing may be kept.
    """
    sheet = read_sheet(upload, COLUMNS["agenda"])
    _stop_at_problems({"agenda": sheet})
    rounds = agenda.read_agenda(sheet, factors, tables)
    _stop_at_problems({"agenda": sheet})
    return rounds


def read_people(uploads: Mapping[str, Upload], tables: Sequence[str]) -> list[PersonPlan]:
    """The people of a board that has its tables already.

    Raises: ImportFailed with every problem; then nothing may be kept.
    """
    sheets = {name: read_sheet(uploads[name], COLUMNS[name]) for name in PEOPLE if name in uploads}
    _stop_at_problems(sheets)
    for sheet in sheets.values():
        for row in sheet.rows:
            if row.cells.get("table") and row.cells["table"] not in tables:
                row.complain("table", "no_such_table", value=row.cells["table"])
    found = _everybody(sheets, tables)
    _stop_at_problems(sheets)
    return found


def _everybody(sheets: Mapping[str, Sheet], tables: Sequence[str]) -> list[PersonPlan]:
    found: list[PersonPlan] = []
    if "participants" in sheets:
        found += people.read_participants(sheets["participants"])
    if "staff" in sheets:
        found += people.read_staff(sheets["staff"], tables)
    return found


def _seated(sheets: Mapping[str, Sheet]) -> list[str]:
    """The tables at which the lists seat people."""
    tables = {
        table
        for name in ("participants", "staff")
        if name in sheets
        for table in people.tables_of(sheets[name])
    }
    return people.in_order(tables)


def _fits(sheet: Sheet, factor_ids: Sequence[str], tables: Sequence[str]) -> bool:
    """Whether the template's agenda can be followed as it is, with these factors and tables."""
    trial = Sheet(sheet.name)
    trial.rows = [type(row)(trial, row.line, row.cells) for row in sheet.rows]
    agenda.read_agenda(trial, factor_ids, tables or None)
    return not trial.problems


def _table(table: str) -> dict[str, Any]:
    name = f"Table {table[1:]}" if table[:1] == "T" and table[1:].isdigit() else table
    return {"id": table, "name": {"fr": name, "en": name}}


def _stop_at_problems(sheets: Mapping[str, Sheet]) -> None:
    problems = [
        problem
        for name in FILES
        if name in sheets
        for problem in sorted(sheets[name].problems, key=lambda problem: problem.line)
    ]
    if problems:
        raise ImportFailed(problems[:MOST_PROBLEMS])
