"""comments.csv: what was said of cards, clusters, factors and sheets. Only who speaks under a name has one here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain.records import Record, State
from app.exports.order import factor_number, in_language, label, where_it_stands
from app.exports.text import masked, translations

COLUMNS = (
    *("factor_id", "factor_number", "target_kind", "target_id", "target_number", "target_label"),
    *("by", "name_fr", "name_en", "kind", "language", "text", "translation_fr", "translation_en", "round"),
)
TABLES = ("factors", "clusters", "cards", "sheets")


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per comment on something that is to be seen: by factor, then the factor itself, clusters, cards."""

    def place(comment: Record) -> tuple[int, int, int, str]:
        table, record = comment["target"]["table"], _target(state, comment)
        number = record.get("number", 0) if record else 0
        return (
            factor_number(state, _factor(comment, record)),
            TABLES.index(table),
            number,
            comment["target"]["id"],
        )

    # Stable: comments on one target keep the order in which the board received them.
    for comment in sorted(state["comments"].values(), key=place):
        record = _target(state, comment)
        if record is None:
            continue
        table, name = comment["target"]["table"], comment["name"] or {}
        factor = _factor(comment, record)
        yield {
            "factor_id": factor,
            "factor_number": factor_number(state, factor) or "",
            "target_kind": table,
            "target_id": comment["target"]["id"],
            "target_number": record.get("number", ""),
            "target_label": label(state, table, record, language),
            "by": comment["by"],
            "name_fr": in_language(name, "fr"),
            "name_en": in_language(name, "en"),
            "kind": comment.get("kind") or "",
            "language": comment.get("language") or "",
            "text": masked(comment["text"]),
            **translations(comment),
            "round": comment["round"] or "",
        }


def counted(state: State) -> Counter[tuple[str, bool]]:
    """(what it is about, whether an expert said it) -> how many comments."""
    return Counter((c["target"]["id"], c["by"] == "expert") for c in state["comments"].values())


def counted_where_now(state: State) -> Counter[tuple[str, bool]]:
    """The same, with what was said of a group that went into another one counted there."""
    said = state["comments"].values()
    return Counter((where_it_stands(state, c["target"]), c["by"] == "expert") for c in said)


def _target(state: State, comment: Record) -> Record | None:
    """The card, cluster or factor; a card that was held after the comment is out of sight, and its comment with it."""
    return state[comment["target"]["table"]].get(comment["target"]["id"])


def _factor(comment: Record, record: Record | None) -> str:
    if record is None:
        return ""
    factor: str = record["id"] if comment["target"]["table"] == "factors" else record["factor"]
    return factor
