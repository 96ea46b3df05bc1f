"""Factors, agenda and people from CSV files with the columns of the Niamey seminar.

The agenda's last ten columns are the rules a program reads; its prose columns become nothing but text. A round whose scope is the
warm-up's `TEST` belongs on the practice board: it is listed in `Seminar.left_to_practice` and not imported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from app.domain.kinds.board import RELEASES, ROUND_KINDS, TARGETS
from app.imports.table import (
    Fault,
    ImportFailed,
    Row,
    Wrong,
    clock_time,
    needed,
    one_of,
    read_table,
    whole,
    yes,
)

FACTOR_COLUMNS = ("factor_id", "number", "title_fr", "title_en")
AGENDA_COLUMNS = (
    "seq", "day", "start", "minutes", "round_id", "name_fr", "name_en", "kind",
    "scope", "release", "cards_per_person", "per_factor", "method", "targets", "points", "cap", "at_zero", "grace_s",
)  # fmt: skip
PARTICIPANT_COLUMNS = ("participant_id", "label_fr", "label_en", "group", "category", "place", "table")
STAFF_COLUMNS = ("staff_id", "label_fr", "label_en", "role", "place")

ROLES = {
    "facilitator": "facilitator",
    "co_facilitator": "facilitator",
    "expert": "expert",
    "observer": "observer",
    "rapporteur": "rapporteur",
    "admin": "administrator",
    "administrator": "administrator",
    "scribe": "scribe",
}
METHODS = ("points", "approval", "score_1_5", "consent", "rank")
WARM_UP = "TEST"
_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}\Z")


@dataclass(slots=True)
class Seminar:
    """What the files say: lists ready for `board.setup`, and the people."""

    factors: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    left_to_practice: list[str] = field(default_factory=list)


def read_seminar(files: dict[str, tuple[str, bytes]]) -> Seminar:
    """The seminar in these files.

    Shape:  part (factors, agenda, participants, staff) -> (file name as the person knows it, content).
    Raises: ImportFailed with every fault found; nothing is imported then.
    """
    faults: list[Fault] = []
    seminar = Seminar()
    if "factors" in files:
        seminar.factors = [_factor(row) for row in read_table(*files["factors"], FACTOR_COLUMNS, faults)]
    factor_ids = [factor["id"] for factor in seminar.factors]
    if "participants" in files:
        rows = read_table(*files["participants"], PARTICIPANT_COLUMNS, faults)
        seminar.people += [_participant(row) for row in rows]
    if "staff" in files:
        seminar.people += [_staff(row) for row in read_table(*files["staff"], STAFF_COLUMNS, faults)]
    if "agenda" in files:
        for row in read_table(*files["agenda"], AGENDA_COLUMNS, faults):
            if row.text("scope").endswith(f":{WARM_UP}"):
                seminar.left_to_practice.append(row.text("name_fr"))
            else:
                seminar.rounds.append(_round(row, factor_ids))
    named = {person["table"] for person in seminar.people} | {
        table for round_ in seminar.rounds for table in round_["scope"] or {}
    }
    seminar.tables = [_table(table) for table in sorted(filter(None, named))]
    for part, ids in _ids(seminar).items():
        if part in files:
            _unique(files[part][0], ids, faults)
    if faults:
        raise ImportFailed(faults)
    return seminar


def _ids(seminar: Seminar) -> dict[str, list[str]]:
    return {
        "factors": [factor["id"] for factor in seminar.factors],
        "agenda": [round_["id"] for round_ in seminar.rounds],
        "participants": [person["id"] for person in seminar.people],
    }


def _unique(file: str, ids: list[str], faults: list[Fault]) -> None:
    for twice in sorted({one for one in ids if one and ids.count(one) > 1}):
        faults.append(Fault(file, 0, "", f"« {twice} » figure deux fois", f'"{twice}" is there twice'))


def _id(cell: str) -> str:
    if not _ID.match(cell):
        raise Wrong(
            f"« {cell} » n'est pas un identifiant (lettres, chiffres, tirets)",
            f'"{cell}" is not an id (letters, digits, dashes)',
        )
    return cell


def _words(row: Row, column: str) -> dict[str, str]:
    return {
        "fr": row.get(f"{column}_fr", needed, ""),
        "en": row.text(f"{column}_en") or row.text(f"{column}_fr"),
    }


def _factor(row: Row) -> dict[str, Any]:
    title = {
        column.removeprefix("title_"): text.strip()
        for column, text in row.cells.items()
        if column.startswith("title_") and text.strip()
    }
    return {
        "id": row.get("factor_id", _id, ""),
        "number": row.get("number", whole(1, 99), 1),
        "title": {**title, **_words(row, "title")},
        "help": {"fr": row.text("help_fr"), "en": row.text("help_en") or row.text("help_fr")},
    }


def _table(table: str) -> dict[str, Any]:
    number = table.removeprefix("T")
    return {"id": table, "name": {"fr": f"Table {number}", "en": f"Table {number}"}}


def _participant(row: Row) -> dict[str, Any]:
    return {
        "id": row.get("participant_id", _id, ""),
        "name": _words(row, "label"),
        "role": "participant",
        "side": row.get("group", one_of("internal", "external"), "internal"),
        "category": row.text("category"),
        "place": row.get("place", one_of("room", "remote"), "room"),
        "table": row.text("table") or None,
    }


def _staff(row: Row) -> dict[str, Any]:
    role = ROLES.get(row.get("role", one_of(*ROLES), "observer"), "observer")
    number = re.search(r"(\d+)\s*\Z", row.text("label_en"))
    return {
        "id": row.get("staff_id", _id, ""),
        "name": _words(row, "label"),
        "role": role,
        "side": None,
        "category": None,
        "place": row.get("place", one_of("room", "remote"), "room"),
        "table": row.text("table") or (f"T{number[1]}" if role == "scribe" and number else None),
    }


def _scope(factor_ids: list[str]) -> Any:
    """`all`, or pairs `T1:F01+F10` separated by blanks."""

    def read(cell: str) -> dict[str, list[str]] | None:
        if cell in ("", "all"):
            return None
        scope: dict[str, list[str]] = {}
        for pair in cell.split():
            table, colon, factors = pair.partition(":")
            if not colon or not table or not factors:
                raise Wrong(
                    f"« {pair} » n'est pas de la forme T1:F01+F10", f'"{pair}" is not of the form T1:F01+F10'
                )
            for factor in factors.split("+"):
                if factor not in factor_ids:
                    raise Wrong(f"facteur inconnu : {factor}", f"unknown factor: {factor}")
            scope[table] = factors.split("+")
        return scope

    return read


def _method(cell: str) -> str:
    """A way of voting, or `criteria_1_5:impact+feasibility`."""
    if cell and cell.partition(":")[0] not in (*METHODS, "criteria_1_5"):
        raise Wrong(f"façon de voter inconnue : {cell}", f"unknown way of voting: {cell}")
    return cell


def _round(row: Row, factor_ids: list[str]) -> dict[str, Any]:
    kind = row.get("kind", one_of(*ROUND_KINDS), "brief")
    scope = row.get("scope", _scope(factor_ids), None)
    release = row.get("release", one_of("", *RELEASES), "")
    method = row.get("method", _method, "")
    used = [f for f in factor_ids if scope is None or any(f in factors for factors in scope.values())]
    return {
        "id": row.get("round_id", _id, ""),
        "order": row.get("seq", whole(0, 100_000), 0),
        "day": row.get("day", whole(1, 99), 1),
        "starts": row.get("start", clock_time, "00:00"),
        "kind": kind,
        "name": _words(row, "name"),
        "instruction": {"fr": row.text("instruction_fr"), "en": row.text("instruction_en")},
        "minutes": row.get("minutes", whole(1, 24 * 60), 1),
        "scope": scope,
        "factors": used,
        "release": release or None,
        "cards_per_person": row.get("cards_per_person", whole(0, 100, 0), 0),
        "per_factor": row.get("per_factor", yes, False),
        "method": method or None,
        "targets": row.get("targets", one_of("", *TARGETS), "") or None,
        "points": row.get("points", whole(0, 1000, 0), 0),
        "cap": row.get("cap", whole(0, 1000, 0), 0),
        "at_zero": row.get("at_zero", one_of("ring", "close"), "ring"),
        "grace_s": row.get("grace_s", whole(0, 60, 0), 0),
        "review": release == "sealed" or bool(method),
    }
