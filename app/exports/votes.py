"""votes.csv: what each published vote gave to each of its targets. No ballot, no voter: those are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.counting.method import WHOLE
from app.domain.records import State
from app.domain.rounds import tallies_in_order
from app.exports.order import bucket_of, factor_number, in_language, label, target_of

COLUMNS = (
    *("round", "epoch", "round_fr", "round_en", "method", "seats", "ballots"),
    *("on_paper", "paper_unconfirmed", "paper_overruled"),
    *("target_kind", "target_id", "target_label", "factor_id", "factor_number"),
    *("total", "internal", "external", "rank", "rank_within", "tied", "counts"),
    *("value", "answers", "rank_low", "rank_high", "agreement", "divergence", "across"),
    *("first_choices", "schulze_rank", "quadrant", "marks", "criteria"),
)
# Of tallies that knew no paper.
OLDER: dict[str, int | None] = {"counted": None, "unconfirmed": 0, "overruled": 0}


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per target of each tally: rounds as in the agenda, then factors, then ranks.

    Shape: `internal` and `external` are empty where the split would tell of a person; `counts` says how many ballots
           gave which answer, as in "1=4 2=7"; `value` is the figure that ranks (a sum, a mean, how many), `rank_low` and
           `rank_high` the places its interval spans; `criteria` gives each criterion's mean, agreement and sides. Among
           equals the order is that of the list that was voted on. `on_paper` says how many of the ballots came on paper, from
           five up; the sheets that did not count stand beside it, by the reason.
    """
    for tally in tallies_in_order(state):
        name = state["rounds"].get(tally["round"], {}).get("name", {})
        paper = tally.get("paper", OLDER)
        ranked = sorted(
            tally["rows"],
            key=lambda row: (factor_number(state, bucket_of(row)), row["rank"]),
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
                "on_paper": paper["counted"],
                "paper_unconfirmed": paper["unconfirmed"],
                "paper_overruled": paper["overruled"],
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
                "rank_within": "round" if bucket_of(row) == WHOLE else "factor",
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
