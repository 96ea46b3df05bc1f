"""handcounts.csv: the shows of hands, by table and target. Not secret, and in no figure of votes.csv."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain import rounds
from app.domain.records import Record, State
from app.exports.order import in_language, label, target_of

COLUMNS = (
    *("round", "epoch", "round_fr", "round_en", "table", "table_fr", "table_en", "people"),
    *("target_kind", "target_id", "target_label", "hands", "secret"),
)


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row for each target for which hands rose at a table: rounds as in the agenda, then tables, the most hands first."""
    for one in in_order(state):
        name = state["rounds"].get(one["round"], {}).get("name", {})
        table = state["tables"].get(one["table"], {}).get("name", {})
        for target, hands in sorted(one["counts"].items(), key=lambda pair: (-pair[1], pair[0])):
            kind, record = target_of(state, target)
            yield {
                "round": one["round"],
                "epoch": one["epoch"],
                "round_fr": in_language(name, "fr"),
                "round_en": in_language(name, "en"),
                "table": one["table"],
                "table_fr": in_language(table, "fr"),
                "table_en": in_language(table, "en"),
                "people": one["present"],
                "target_kind": kind,
                "target_id": target,
                "target_label": label(state, kind, record, language)
                or _question(state, one["round"], target, language),
                "hands": hands,
                "secret": "no",
            }


def in_order(state: State) -> list[Record]:
    """Rounds as in the agenda, then tables."""
    place = {round_["id"]: number for number, round_ in enumerate(rounds.in_order(state["rounds"].values()))}
    return sorted(
        state["handcounts"].values(),
        key=lambda one: (place.get(one["round"], -1), one["epoch"], one["table"]),
    )


def _question(state: State, round_id: str, target: str, language: str) -> str:
    """A question is a record of its own nowhere but on the list that was voted on."""
    listed = state["rounds"].get(round_id, {}).get("ballot") or ()
    words: dict[str, str] = next((one.get("words", {}) for one in listed if one["id"] == target), {})
    return in_language(words, language)
