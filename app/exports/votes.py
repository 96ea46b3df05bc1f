"""votes.csv: what each published vote gave to each of its targets. No ballot, no voter: those are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.records import State
from app.exports.order import factor_number, in_language, label, tallies_in_order, target_of

COLUMNS = (
    *("round", "epoch", "round_fr", "round_en", "method", "seats", "ballots"),
    *("target_kind", "target_id", "target_label", "factor_id", "factor_number"),
    *("total", "internal", "external", "rank", "tied", "counts"),
)


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per target of each tally: rounds as in the agenda, then factors, then ranks.

    Shape: `internal` and `external` are empty where the split would tell of a person; `counts` says how many ballots
           gave which answer, as in "1=4 2=7".
    """
    for tally in tallies_in_order(state):
        name = state["rounds"].get(tally["round"], {}).get("name", {})
        ranked = sorted(
            tally["rows"], key=lambda row: (factor_number(state, row["factor"]), row["rank"], row["target"])
        )
        for row in ranked:
            table, record = target_of(state, row["target"])
            yield {
                "round": tally["round"],
                "epoch": tally["epoch"],
                "round_fr": in_language(name, "fr"),
                "round_en": in_language(name, "en"),
                "method": tally["method"],
                "seats": tally["seats"],
                "ballots": tally["ballots"],
                "target_kind": table,
                "target_id": row["target"],
                "target_label": label(state, table, record, language),
                "factor_id": row["factor"],
                "factor_number": factor_number(state, row["factor"]) or "",
                "total": row["total"],
                "internal": row["internal"],
                "external": row["external"],
                "rank": row["rank"],
                "tied": "yes" if row["tied"] else "no",
                "counts": " ".join(f"{answer}={count}" for answer, count in row.get("counts", {}).items()),
            }
