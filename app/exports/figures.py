"""What the published votes say of one thing: the figures of the newest vote on it, and those that only some votes give."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.records import Record, State
from app.domain.rounds import tallies_in_order

NEWEST = (
    *("vote_round", "ballots", "total", "value", "rank", "rank_low", "rank_high", "tied"),
    *("internal", "external", "agreement", "divergence"),
)
# From the newest vote that has them, which need not be the newest of all.
RATED = ("impact_mean", "feasibility_mean", "quadrant", "with_reserve")
COLUMNS = (*NEWEST, *RATED)
Figures = dict[str, dict[str, Any]]
NOTHING: dict[str, Any] = dict.fromkeys(COLUMNS)


def figures(state: State) -> Figures:
    """Target id -> its figures, by column; a column that no vote fills is missing."""
    found: Figures = {}
    for tally in tallies_in_order(state):
        for row in tally["rows"]:
            found.setdefault(row["target"], {}).update({**_newest(tally, row), **_rated(tally, row)})
    return found


def of_one(found: Figures, *targets: str | None) -> dict[str, Any]:
    """The figures of the first of these targets that was voted on; empty where none was."""
    return {**NOTHING, **next((found[target] for target in targets if target in found), {})}


def of_both(found: Figures, source: str, later: str) -> dict[str, Any]:
    """The figures of what came of something, and where it was not voted on those of its source."""
    return {**NOTHING, **found.get(source, {}), **found.get(later, {})}


def _newest(tally: Record, row: Record) -> dict[str, Any]:
    return {
        "vote_round": tally["round"],
        "ballots": tally["ballots"],
        "total": row["total"],
        "value": row.get("value", row["total"]),
        "rank": row["rank"],
        "rank_low": row.get("low"),
        "rank_high": row.get("high"),
        "tied": "yes" if row["tied"] else "no",
        "internal": row["internal"],
        "external": row["external"],
        "agreement": row.get("agreement"),
        "divergence": row.get("divergence"),
    }


def _rated(tally: Record, row: Record) -> dict[str, Any]:
    """Means by criterion, and how many consent with a reserve."""
    means = {
        f"{criterion}_mean": figure["value"]
        for criterion, figure in row.get("criteria", {}).items()
        if f"{criterion}_mean" in RATED
    }
    if "quadrant" in row:
        means["quadrant"] = row["quadrant"]
    if str(tally["method"]).startswith("consent"):
        means["with_reserve"] = row["counts"].get("reserve", 0)
    return means


def by_target(tally: Record) -> dict[str, Record]:
    return {row["target"]: row for row in tally["rows"]}


def first_row(rows: dict[str, Record], targets: Iterable[str | None]) -> Record | None:
    """The row of the first of these targets that a vote was about."""
    return next((rows[target] for target in targets if target in rows), None)
