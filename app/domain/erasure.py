"""What an erasure blanks in the log: the one rewrite of history. Pure; `store/log.py` writes, `commits.py` decides when.

Sequence numbers, ids and places stay; words go: of the card itself wherever it stands, of earlier layings-out of the same
card (a reopened round lays it out anew under another id), and of sheets that took its words as their title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.changes import Change
from app.domain.kinds.sheets import LIMITS
from app.domain.records import Record, State

# A signed card has a name too.
WORDS: dict[str, Any] = {"text": "", "translation": {}, "name": None}


def words_of(card: Record) -> frozenset[str]:
    return frozenset({card["text"], *card["translation"].values()} - {""})


def wordless(record: Record) -> Record:
    """The fields of a record that hold words, empty."""
    return {field: empty for field, empty in WORDS.items() if field in record}


def blanking(state: State, card: Record) -> Callable[[Change], Change]:
    """What becomes of each earlier change when this card, as it still stands in the state, is erased."""
    words, there = words_of(card), state["cards"]

    def is_same(record_id: str, record: Mapping[str, Any]) -> bool:
        return record_id == card["id"] or (record_id not in there and record.get("text") in words)

    def of_card(change: Change, record: Record) -> Record:
        return {**record, **wordless(record)} if is_same(change.id, record) else record

    def of_sheet(record: Record) -> Record:
        return {**record, "title": ""} if is_title(record.get("title"), words) else record

    def blanked(change: Change) -> Change:
        if change.table == "cards":
            record = change.record and of_card(change, change.record)
            return replace(change, fields=of_card(change, change.fields), record=record)
        if change.table == "sheets":
            return replace(
                change, fields=of_sheet(change.fields), record=change.record and of_sheet(change.record)
            )
        return change

    return blanked


def is_title(title: str | None, words: frozenset[str]) -> bool:
    """Whether a sheet's title is a card's words, perhaps cut to a title's length."""
    return title in {word[: LIMITS["title"]] for word in words}
