"""clusters.csv: every group, with its cards, what it was called, what it went into, and the figures of the newest vote on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.records import Record, State, cards_of
from app.exports import figures
from app.exports.comments import counted
from app.exports.order import factor_number, label, sheets_by_source
from app.exports.text import masked

COLUMNS = (
    *("factor_number", "factor_id", "cluster_id", "name", "label", "state", "card_count", "cards"),
    *("former_names", "proposed_names", "merged_into_id", "merged_from_ids", "contest"),
    *("comments", "expert_comments", "sheet_number"),
    *figures.COLUMNS,
)
BETWEEN = " | "


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per group, by factor, standing ones first, then as they came to be.

    Shape: `label` is what people read: the name, else the first of the cards; `state` is standing, merged (its cards are
           with another group) or empty; `comments` and `expert_comments` count.
    """
    voted, said, sheets = figures.figures(state), counted(state), sheets_by_source(state)
    inside = {cluster: cards_of(state, cluster) for cluster in state["clusters"]}
    ordered = sorted(
        state["clusters"].values(),
        key=lambda c: (factor_number(state, c["factor"]), _state(c, inside[c["id"]]) != "standing"),
    )
    for cluster in ordered:
        cards = inside[cluster["id"]]
        yield {
            "factor_number": factor_number(state, cluster["factor"]) or "",
            "factor_id": cluster["factor"],
            "cluster_id": cluster["id"],
            "name": masked(cluster["name"]),
            "label": label(state, "clusters", cluster, language),
            "state": _state(cluster, cards),
            "card_count": len(cards),
            "cards": " ".join(str(card["number"]) for card in cards),
            "former_names": masked(BETWEEN.join(cluster.get("former_names", []))),
            "proposed_names": masked(BETWEEN.join(cluster["proposals"])),
            "merged_into_id": cluster["merged_into"] or "",
            "merged_from_ids": " ".join(
                other["id"] for other in state["clusters"].values() if other["merged_into"] == cluster["id"]
            ),
            "contest": cluster.get("contest") or "",
            "comments": said[cluster["id"], False],
            "expert_comments": said[cluster["id"], True],
            "sheet_number": sheets[cluster["id"]]["number"] if cluster["id"] in sheets else "",
            **figures.of_one(voted, cluster["id"]),
        }


def _state(cluster: Record, cards: list[Record]) -> str:
    if cluster["merged_into"]:
        return "merged"
    return "standing" if cards else "empty"
