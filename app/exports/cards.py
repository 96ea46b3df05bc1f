"""cards.csv: every published card with its cluster, what the last vote gave it, and what was said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from app.domain.records import Record, State
from app.exports.figures import Figures, figures, of_one
from app.exports.order import cards_in_order, in_language, where_it_stands
from app.exports.text import masked, translations

COLUMNS = (
    *("number", "factor_number", "factor_id", "factor_fr", "factor_en", "text", "kind"),
    *("language", "translation_fr", "translation_en", "round", "origin_factor_id"),
    *(
        "cluster_id",
        "cluster_name",
        "vote_round",
        "points",
        "rank",
        "tied",
        "points_internal",
        "points_external",
    ),
    *("comments", "expert_comments", "state"),
)
# What the newest vote says, by the names of `figures`.
VOTED = {
    **{"vote_round": "vote_round", "points": "total", "rank": "rank", "tied": "tied"},
    **{"points_internal": "internal", "points_external": "external"},
}
BETWEEN = " | "


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per published card, by factor and number.

    Shape: the vote's columns hold what the last published tally says of the card's cluster, or of the card itself when it
           is in none. What belongs to a cluster, points and comments, stands on each of its cards: never add it up.
    """
    votes = figures(state)
    said = _said(state)
    for card in cards_in_order(state):
        if card["state"] != "published":
            continue
        cluster = state["clusters"].get(card["cluster"] or "")
        factor = state["factors"].get(card["factor"])
        title = factor["title"] if factor else {}
        yield {
            "number": card["number"],
            "factor_number": factor["number"] if factor else "",
            "factor_id": card["factor"],
            "factor_fr": in_language(title, "fr"),
            "factor_en": in_language(title, "en"),
            "text": masked(card["text"]),
            "kind": card["kind"],
            "language": card.get("language") or "",
            **translations(card),
            "round": card["round"],
            "origin_factor_id": card.get("origin", card["factor"]),
            "cluster_id": cluster["id"] if cluster else "",
            "cluster_name": masked(cluster["name"]) if cluster else "",
            **_vote(votes, cluster["id"] if cluster else card["id"]),
            "comments": _joined(said, card, experts=False),
            "expert_comments": _joined(said, card, experts=True),
            "state": card["state"],
        }


def _vote(votes: Figures, target: str) -> dict[str, Any]:
    found = of_one(votes, target)
    return {column: found[figure] for column, figure in VOTED.items()}


Said = dict[tuple[str, str], list[Record]]


def _said(state: State) -> Said:
    found: Said = defaultdict(list)
    for comment in state["comments"].values():
        found[comment["target"]["table"], where_it_stands(state, comment["target"])].append(comment)
    return found


def _joined(said: Said, card: Record, *, experts: bool) -> str:
    """What was said of the card and of its cluster, with those that went into it, by experts or by everybody else."""
    about = said.get(("cards", card["id"]), []) + said.get(("clusters", card["cluster"] or ""), [])
    return masked(BETWEEN.join(_spoken(c) for c in about if (c["by"] == "expert") == experts))


def _spoken(comment: Record) -> str:
    """The words, after what their writer says they are."""
    return f"[{comment['kind']}] {comment['text']}" if comment.get("kind") else comment["text"]
