"""notes.csv: what the rapporteur noted of groups, sheets and factors, as far as it is everybody's: released, or an amendment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.records import State
from app.exports.order import in_language, label
from app.exports.text import masked

COLUMNS = ("target_kind", "target_id", "target_label", "kind", "text", "by", "name", "released")


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per note, those about one thing together."""
    notes = sorted(state["notes"].values(), key=lambda n: (n["target"]["table"], n["target"]["id"], n["id"]))
    for note in notes:
        target = note["target"]
        yield {
            "target_kind": target["table"],
            "target_id": target["id"],
            "target_label": label(state, target["table"], state[target["table"]].get(target["id"]), language),
            "kind": note["kind"],
            "text": masked(note["text"]),
            "by": note["by"],
            "name": in_language(note["name"] or {}, language),
            "released": "yes" if note["released"] else "no",
        }
