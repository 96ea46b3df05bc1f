"""agenda.csv: the script of the workshop, one round a line. The last ten columns are the rules that the board obeys; the prose
columns (participants_can, counts, anonymity ...) are for people and are not read.

A scope that names the factor TEST is a warm-up on a dummy question whose data are wiped. That belongs on the practice
board, where nothing is kept: on the real board the round comes in as a `setup` round of the same name and length, with no
rules, so that it stands in the agenda and leaves no trace among the cards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.kinds.board import ROUND_KINDS, TARGETS
from app.domain.rounds import AT_ZERO, BALLOT_KINDS, RELEASES, TEXT_KINDS
from app.imports.sheet import Row, Sheet

COLUMNS = (
    *("day", "start", "minutes", "round_id", "name_fr", "kind"),
    *(
        "scope",
        "release",
        "cards_per_person",
        "per_factor",
        "method",
        "targets",
        "points",
        "cap",
        "at_zero",
        "grace_s",
    ),
)
# Beside those that can be counted today: planned ones may stand in an agenda and be skipped.
METHODS = ("points", "approval", "consent", "score_1_5", "rank", "criteria_1_5")
DUMMY_FACTOR = "TEST"
EVERYBODY = "all"
YES_NO = {"yes": "yes", "oui": "yes", "no": "no", "non": "no"}
_PAIR = re.compile(r"([A-Za-z0-9_.-]{1,32}):([A-Za-z0-9_.-]{1,32}(?:\+[A-Za-z0-9_.-]{1,32})*)\Z")
_METHOD = re.compile(r"([a-z0-9_]+)(?::[a-z0-9_+]+)?\Z")
_NO_RULES: dict[str, Any] = {
    "release": None,
    "cards_per_person": 0,
    "per_factor": False,
    "method": None,
    "targets": None,
    "points": 0,
    "cap": 0,
    "at_zero": "ring",
    "grace_s": 0,
    "review": False,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Who works on what: by table, or the same for everybody. Empty: on everything. `dummy`: on nothing that is kept."""

    by_table: dict[str, list[str]] | None = None
    factors: tuple[str, ...] = ()
    dummy: bool = False


def read_agenda(
    sheet: Sheet, factors: Sequence[str], tables: Sequence[str] | None, *, scoped: bool = True
) -> list[dict[str, Any]]:
    """The rounds as `board.setup` takes them, in their order.

    Shape: `tables` None: whatever the scopes name exists. `scoped` False: what the scopes say of tables and factors is
           passed over, because the agenda was written for others.
    """
    sheet.unique("round_id")
    sheet.unique("seq")
    rounds = [_round(row, place, factors, tables, scoped) for place, row in enumerate(sheet.rows, 1)]
    return sorted(rounds, key=lambda round_: round_["order"])


def tables_of(sheet: Sheet) -> set[str]:
    """The tables that the scopes name."""
    pairs = (_PAIR.match(part) for row in sheet.rows for part in row.cells.get("scope", "").split())
    return {pair[1] for pair in pairs if pair and pair[1] != EVERYBODY}


def _round(
    row: Row, place: int, factors: Sequence[str], tables: Sequence[str] | None, scoped: bool
) -> dict[str, Any]:
    kind = row.choice("kind", {kind: kind for kind in ROUND_KINDS})
    scope = _scope(row, factors, tables, scoped)
    plan = {
        "id": row.record_id("round_id"),
        "order": row.whole("seq", 0, 100_000, default=place) if "seq" in row.cells else place,
        "day": row.whole("day", 1, 99),
        "starts": row.time("start"),
        "kind": "setup" if scope.dummy else kind,
        "name": row.words("name", required=True),
        "instruction": row.words("instruction"),
        "minutes": row.whole("minutes", 1, 24 * 60),
        "scope": scope.by_table,
        "factors": _used(scope, factors),
    }
    rules = _rules(row, kind)
    return plan | (_NO_RULES if scope.dummy else rules)


def _used(scope: Scope, factors: Sequence[str]) -> list[str]:
    """Every factor somebody works on in this round, in the factors' order."""
    if scope.dummy:
        return []
    named = set(scope.factors)
    for some in (scope.by_table or {}).values():
        named.update(some)
    return [factor for factor in factors if factor in named] if named else list(factors)


def _scope(row: Row, factors: Sequence[str], tables: Sequence[str] | None, scoped: bool) -> Scope:
    written = row.text("scope", default=EVERYBODY)
    if written == EVERYBODY:
        return Scope()
    by_table: dict[str, list[str]] = {}
    for part in written.split():
        pair = _PAIR.match(part)
        if not pair:
            row.complain("scope", "bad_scope", value=part)
            return Scope()
        by_table[pair[1]] = pair[2].split("+")
    if by_table == {EVERYBODY: [DUMMY_FACTOR]}:
        return Scope(dummy=True)
    if not scoped:
        return Scope()
    return _known(row, by_table, factors, tables)


def _known(
    row: Row, by_table: dict[str, list[str]], factors: Sequence[str], tables: Sequence[str] | None
) -> Scope:
    for table, named in by_table.items():
        if tables is not None and table not in tables and table != EVERYBODY:
            row.complain("scope", "unknown_table", value=table)
        for factor in named:
            if factor not in factors:
                row.complain("scope", "unknown_factor", value=factor)
    if EVERYBODY in by_table:
        return Scope(factors=tuple(by_table[EVERYBODY]))
    return Scope(by_table=by_table)


def _rules(row: Row, kind: str) -> dict[str, Any]:
    release = row.choice("release", {r: r for r in RELEASES}, default="") or None
    if kind in TEXT_KINDS and release is None:
        release = "sealed"  # secrecy unless somebody chose otherwise
    method = _method(row, kind)
    points = row.whole("points", 0, 1000, default=0)
    cap = row.whole("cap", 0, 1000, default=0)
    if method == "points" and not points:
        row.complain("points", "needs_points")
    elif cap > points:
        row.complain("cap", "cap_above_points", points=points)
    return {
        "release": release,
        "cards_per_person": row.whole("cards_per_person", 0, 100, default=1 if kind in TEXT_KINDS else 0),
        "per_factor": row.choice("per_factor", YES_NO, default="no") == "yes",
        "method": method,
        "targets": row.choice("targets", {t: t for t in TARGETS}, default="") or None,
        "points": points,
        "cap": cap,
        "at_zero": row.choice("at_zero", {rule: rule for rule in AT_ZERO}, default="ring"),
        "grace_s": row.whole("grace_s", 0, 60, default=0),
        "review": bool(method) or (kind in TEXT_KINDS and release == "sealed"),
    }


def _method(row: Row, kind: str) -> str | None:
    value = row.text("method")
    if not value:
        if kind == "vote":
            row.complain("method", "needs_method")
        return None
    found = _METHOD.match(value)
    if not found or found[1] not in METHODS:
        row.complain("method", "not_a_choice", value=value, choices=", ".join(METHODS))
    # A way of voting makes a ballot only in these rounds; anywhere else it is a plan for later.
    return value if kind in BALLOT_KINDS else None
