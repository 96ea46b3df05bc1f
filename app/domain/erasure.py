"""What an erasure blanks in the log: the one rewrite of history. Pure; `store/log.py` writes, `commits.py` decides when.

Sequence numbers, ids and places stay; words go: of the card itself wherever it stands, of earlier layings-out of the same
card (a reopened round lays it out anew under another id), and of sheets, and their versions, that took its words as title.
Where a whole workshop's people are forgotten, it is their names that go, and the words stay.
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
# The tables whose records may have taken a card's words as a title.
QUOTING = ("sheets", "versions")
# Whose records may stand under the name of a person, in the field `name`.
SIGNED = ("cards", "comments", "suggestions", "notes", "progress", "versions")
# Who did it, of entries whose person was forgotten.
FORGOTTEN = "forgotten"


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

    def blanked(change: Change) -> Change:
        if change.table == "cards":
            return _passed_over(change, lambda r: {**r, **wordless(r)} if is_same(change.id, r) else r)
        if change.table in QUOTING:
            return _passed_over(change, lambda r: {**r, **unquoted(r, words)})
        return change

    return blanked


def unquoted(record: Mapping[str, Any], words: frozenset[str]) -> Record:
    """The fields of a sheet or a version that hold a card's words as a title, without them."""
    blank: Record = {"title": ""} if is_title(record.get("title"), words) else {}
    since = record.get("since") or {}
    if is_title(since.get("title"), words):
        blank["since"] = {**since, "title": ""}
    before = record.get("before") or {}
    told = {sheet: {**was, "title": ""} for sheet, was in before.items() if is_title(was.get("title"), words)}
    return blank | ({"before": {**before, **told}} if told else {})


def nameless(change: Change) -> Change:
    """What becomes of each earlier change when people are forgotten: what was said stays, and in which role."""
    if change.table not in SIGNED:
        return change
    return _passed_over(change, lambda record: {**record, "name": None} if record.get("name") else record)


def _passed_over(change: Change, alter: Callable[[Record], Record]) -> Change:
    return replace(change, fields=alter(change.fields), record=change.record and alter(change.record))


def is_title(title: str | None, words: frozenset[str]) -> bool:
    """Whether a sheet's title is a card's words, perhaps cut to a title's length."""
    return title in {word[: LIMITS["title"]] for word in words}
