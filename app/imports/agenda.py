"""agenda.csv: the script of the workshop, one round a line. The last twelve columns are the rules that the board obeys; the prose
columns (participants_can, counts, anonymity ...) are for people and are not read.

A scope that names the factor TEST is a warm-up on a dummy question whose data are wiped. That belongs on the practice
board, where nothing is kept: on the real board the round comes in as a `setup` round of the same name and length, with no
rules, so that it stands in the agenda and leaves no trace among the cards.

The questions of a vote on questions stand in one cell a language (questions_fr, questions_en), with a bar between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.counting import METHODS, fits
from app.domain.kinds.board import MOST_QUESTIONS, ROUND_KINDS, TARGETS
from app.domain.plans import NO_RULES
from app.domain.rounds import AT_ZERO, BALLOT_KINDS, RELEASES, TEXT_KINDS
from app.domain.wording import unbroken
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
BETWEEN_QUESTIONS = "|"
DUMMY_FACTOR = "TEST"
EVERYBODY = "all"
YES_NO = {"yes": "yes", "oui": "yes", "no": "no", "non": "no"}
_PAIR = re.compile(r"([A-Za-z0-9_.-]{1,32}):([A-Za-z0-9_.-]{1,32}(?:\+[A-Za-z0-9_.-]{1,32})*)\Z")


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
    return plan | (NO_RULES if scope.dummy else rules)


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
    points = row.whole("points", 0, 1000, default=0)
    cap = row.whole("cap", 0, 1000, default=0)
    method = _method(row, kind, points, cap)
    targets = row.choice("targets", {t: t for t in TARGETS}, default="") or None
    return {
        "release": release,
        "cards_per_person": row.whole("cards_per_person", 0, 100, default=1 if kind in TEXT_KINDS else 0),
        "per_factor": row.choice("per_factor", YES_NO, default="no") == "yes",
        "method": method,
        "targets": targets,
        "questions": _questions(row) if targets == "questions" else [],
        "points": points,
        "cap": cap,
        "at_zero": row.choice("at_zero", {rule: rule for rule in AT_ZERO}, default="ring"),
        "grace_s": row.whole("grace_s", 0, 60, default=0),
        "review": bool(method) or _reviewed(row, kind, release),
    }


def _reviewed(row: Row, kind: str, release: str | None) -> bool:
    """Whether sealed cards are reviewed before they are shown: unless the column says no."""
    wanted = row.choice("review", YES_NO, default="yes") == "yes"
    return wanted and kind in TEXT_KINDS and release == "sealed"


def _method(row: Row, kind: str, points: int, cap: int) -> str | None:
    value = row.text("method")
    if not value:
        if kind == "vote":
            row.complain("method", "needs_method")
        return None
    match fits({"method": value, "points": points, "cap": cap}):
        case "method":
            row.complain("method", "not_a_choice", value=value, choices=", ".join(METHODS))
        case "points":
            row.complain("points", "needs_points")
        case "cap":
            row.complain("cap", "cap_above_points", points=points)
    # A way of voting makes a ballot only in these rounds; anywhere else it is a plan for later.
    return value if kind in BALLOT_KINDS else None


def _questions(row: Row) -> list[dict[str, str]]:
    """The questions of both languages, pair by pair; one language stands in for the other where it has none."""
    french, english = (_parts(row, language) for language in ("fr", "en"))
    if french and english and len(french) != len(english):
        row.complain("questions_en", "not_as_many", there=len(french), here=len(english))
    if not french and not english:
        row.complain("questions_fr", "needs_questions")
    if max(len(french), len(english)) > MOST_QUESTIONS:
        row.complain("questions_fr", "too_many_questions", limit=MOST_QUESTIONS)
    pairs = zip(french or english, english or french, strict=False)
    return [{"fr": one, "en": other} for one, other in pairs]


def _parts(row: Row, language: str) -> list[str]:
    cell = row.text(f"questions_{language}")
    cell = unbroken(cell) if language == "fr" else cell
    return [part.strip() for part in cell.split(BETWEEN_QUESTIONS) if part.strip()]
