"""votes.csv: what each published vote gave to each of its targets. No ballot, no voter: those are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.counting.method import WHOLE
from app.domain.records import Record, State
from app.exports.order import factor_number, in_language, label, tallies_in_order, target_of

COLUMNS = (
    *("round", "epoch", "round_fr", "round_en", "method", "seats", "ballots"),
    *("target_kind", "target_id", "target_label", "factor_id", "factor_number"),
    *("total", "internal", "external", "rank", "rank_within", "tied", "counts"),
    *("value", "answers", "rank_low", "rank_high", "agreement", "divergence", "across"),
    *("first_choices", "schulze_rank", "quadrant", "marks", "criteria"),
)


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per target of each tally: rounds as in the agenda, then factors, then ranks.

    Shape: `internal` and `external` are empty where the split would tell of a person; `counts` says how many ballots
           gave which answer, as in "1=4 2=7"; `value` is the figure that ranks (a sum, a mean, how many), `rank_low` and
           `rank_high` the places its interval spans; `criteria` gives each criterion's mean, agreement and sides. Among
           equals the order is that of the list that was voted on.
    """
    for tally in tallies_in_order(state):
        name = state["rounds"].get(tally["round"], {}).get("name", {})
        ranked = sorted(
            tally["rows"],
            key=lambda row: (factor_number(state, _bucket(row)), row["rank"]),
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
                "target_kind": table or row.get("table", ""),
                "target_id": row["target"],
                "target_label": label(state, table, record, language)
                or in_language(row.get("words", {}), language),
                "factor_id": row["factor"],
                "factor_number": factor_number(state, row["factor"]) or "",
                "total": row["total"],
                "internal": row["internal"],
                "external": row["external"],
                "rank": row["rank"],
                "rank_within": "round" if _bucket(row) == WHOLE else "factor",
                "tied": "yes" if row["tied"] else "no",
                "counts": " ".join(f"{answer}={count}" for answer, count in row.get("counts", {}).items()),
                "value": row.get("value", row["total"]),
                "answers": row.get("answers"),
                "rank_low": row.get("low"),
                "rank_high": row.get("high"),
                "agreement": row.get("agreement"),
                "divergence": row.get("divergence"),
                "across": row.get("across"),
                "first_choices": row.get("first"),
                "schulze_rank": row.get("schulze"),
                "quadrant": row.get("quadrant"),
                "marks": " ".join(row.get("marks", [])),
                "criteria": " | ".join(
                    _criterion(name, own) for name, own in row.get("criteria", {}).items()
                ),
            }


def _bucket(row: Record) -> str:
    """The list a row was ranked in. Tallies of older versions do not say; then only factors are one list."""
    old = WHOLE if row["target"] == row["factor"] else row["factor"]
    return str(row.get("bucket", old))


def _criterion(name: str, figures: dict[str, Any]) -> str:
    """As in "impact: 3.4, agreement 0.71, internal 3.5, external 3.1, answers 40"; what is withheld or unknown is left out."""
    said = {
        "": figures["value"],
        "agreement ": figures["agreement"],
        "internal ": figures["internal"],
        "external ": figures["external"],
        "answers ": figures["answers"],
    }
    return f"{name}: {', '.join(f'{word}{value}' for word, value in said.items() if value is not None)}"
