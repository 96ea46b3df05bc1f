"""participants.csv and staff.csv: who has a seat or a task, and what each of them is known to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.imports.sheet import Row, Sheet

PARTICIPANT_COLUMNS = ("participant_id", "label_fr", "group")
STAFF_COLUMNS = ("staff_id", "label_fr", "role")
SIDES = {"internal": "internal", "interne": "internal", "external": "external", "externe": "external"}
PLACES = {"room": "room", "salle": "room", "remote": "remote", "distance": "remote"}
STAFF_ROLES = {
    "facilitator": "facilitator",
    "co_facilitator": "facilitator",
    "expert": "expert",
    "observer": "observer",
    "rapporteur": "rapporteur",
    "admin": "administrator",
    "administrator": "administrator",
    "scribe": "scribe",
}


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person as a list describes them. What the list leaves out, the person is asked at the door."""

    name: dict[str, str]
    role: str
    side: str | None = None
    category: str | None = None
    organisation: str | None = None
    place: str | None = None
    table: str | None = None
    device: str | None = None


def read_participants(sheet: Sheet) -> list[PersonPlan]:
    sheet.unique("participant_id")
    people = []
    for row in sheet.rows:
        row.record_id("participant_id")
        side = row.choice("group", SIDES)
        people.append(replace(_person(row, "participant"), side=side, category=_or_none(row, "category")))
    return people


def read_staff(sheet: Sheet, tables: Sequence[str]) -> list[PersonPlan]:
    """The people with a task. A scribe without a `table` gets the next one that has none."""
    sheet.unique("staff_id")
    taken = {row.cells["table"] for row in sheet.rows if row.cells.get("table")}
    free = iter([table for table in tables if table not in taken])
    people = []
    for row in sheet.rows:
        row.record_id("staff_id")
        person = _person(row, row.choice("role", STAFF_ROLES))
        if person.role == "scribe" and person.table is None and tables:
            person = replace(person, table=next(free, None))
            if person.table is None:
                row.complain("table", "no_table_left")
        people.append(person)
    if sheet.rows and not any(person.role == "facilitator" for person in people):
        sheet.complain(1, "role", "no_facilitator")
    return people


def tables_of(sheet: Sheet) -> set[str]:
    """The tables at which the list seats people, as written."""
    return {row.cells["table"] for row in sheet.rows if row.cells.get("table")}


def in_order(tables: set[str]) -> list[str]:
    """T2 before T10."""
    return sorted(tables, key=lambda table: [(len(d), d, w) for w, d in re.findall(r"(\D*)(\d*)", table)])


def _person(row: Row, role: str) -> PersonPlan:
    table = row.record_id("table") if row.cells.get("table") else None
    place = row.choice("place", PLACES, default="") or None
    return PersonPlan(
        name=row.words("label", required=True),
        role=role,
        organisation=_or_none(row, "organisation"),
        place=place,
        table=table,
        device=_or_none(row, "device"),
    )


def _or_none(row: Row, column: str) -> str | None:
    value = row.text(column)
    return value if value not in ("", "-") else None
