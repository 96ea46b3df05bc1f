"""Rounds and ballots for the tests of counting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.counting.tally import tally
from app.domain.operations import Ballot

Choices = dict[str, Any]


def targets(*ids: str, factor: str = "F01", table: str = "clusters") -> list[dict[str, str]]:
    return [{"table": table, "id": one, "factor": factor} for one in ids]


def round_(method: str, listed: list[dict[str, str]], **fields: Any) -> dict[str, Any]:
    plan = {"id": "V", "epoch": 1, "method": method, "roster": 44, "ballot": listed}
    return plan | {"targets": "clusters", "points": 3, "cap": 0} | fields


def same(many: int, choices: Choices, side: str | None = None) -> list[Ballot]:
    """That many ballots of the same choices."""
    return [Ballot(choices, side)] * many


def rows(plan: dict[str, Any], ballots: Iterable[Ballot]) -> dict[str, dict[str, Any]]:
    """Target -> its row of the tally."""
    return {row["target"]: row for row in tally(plan, list(ballots))["rows"]}


def column(plan: dict[str, Any], ballots: Iterable[Ballot], field: str) -> dict[str, Any]:
    return {target: row[field] for target, row in rows(plan, ballots).items()}
