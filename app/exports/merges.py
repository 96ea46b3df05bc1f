"""merges.csv: which group went into which, with the cards it brought, and whether anybody called it into question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.records import State
from app.exports.order import factor_number, label
from app.exports.text import masked

COLUMNS = (
    *("factor_id", "factor_number", "cluster_id", "cluster_name", "former_names"),
    *("into_id", "into_name", "cards", "by", "round", "contest"),
)
BETWEEN = " | "


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per merge that stands, by factor. Shape: `cards` are the numbers of the cards that came with the group."""
    merged = [cluster for cluster in state["clusters"].values() if cluster["merged_into"]]
    for cluster in sorted(merged, key=lambda c: factor_number(state, c["factor"])):
        merge = cluster.get("merge") or {"cards": [], "by": "", "round": None}
        brought = [state["cards"][card] for card in merge["cards"] if card in state["cards"]]
        into = state["clusters"][cluster["merged_into"]]
        yield {
            "factor_id": cluster["factor"],
            "factor_number": factor_number(state, cluster["factor"]) or "",
            "cluster_id": cluster["id"],
            "cluster_name": masked(cluster["name"]),
            "former_names": masked(BETWEEN.join(cluster.get("former_names", []))),
            "into_id": into["id"],
            "into_name": label(state, "clusters", into, language),
            "cards": " ".join(str(number) for number in sorted(card["number"] for card in brought)),
            "by": merge["by"],
            "round": merge["round"] or "",
            "contest": cluster.get("contest") or "",
        }
