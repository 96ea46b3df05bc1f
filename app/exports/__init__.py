"""From a board to files. PURE: what a view sees in, rows and CSV text out; so no export can hold more than a screen does.

Knows no person, no request and no database. While an urn is open nothing is exported: two exports with one card between
them would tell who wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.records import Record, State
from app.domain.rounds import UNOPENED, in_order, is_sealed
from app.exports import cards, clusters, comments, flat, handcounts, merges, notes, progress, sheets, votes
from app.exports.text import FLAVOURS, to_csv


@dataclass(frozen=True, slots=True)
class Export:
    """One file: its columns, and the rows a view of a board gives.

    Shape: `rows(state, language)`; `more` are the columns that this board adds, one for each of its votes.
    """

    columns: tuple[str, ...]
    rows: Callable[[State, str], Iterator[dict[str, Any]]]
    more: Callable[[State], tuple[str, ...]] = lambda state: ()

    def columns_of(self, state: State) -> tuple[str, ...]:
        return (*self.columns, *self.more(state))

    def csv(self, state: State, language: str, flavour: str) -> str:
        return to_csv(self.columns_of(state), self.rows(state, language), flavour)


EXPORTS: dict[str, Export] = {
    "cards": Export(cards.COLUMNS, cards.rows),
    "clusters": Export(clusters.COLUMNS, clusters.rows),
    "votes": Export(votes.COLUMNS, votes.rows),
    "handcounts": Export(handcounts.COLUMNS, handcounts.rows),
    "comments": Export(comments.COLUMNS, comments.rows),
    "merges": Export(merges.COLUMNS, merges.rows),
    "sheets": Export(sheets.COLUMNS, sheets.rows),
    "progress": Export(progress.COLUMNS, progress.rows),
    "notes": Export(notes.COLUMNS, notes.rows),
    "flat": Export(flat.COLUMNS, flat.rows, flat.more),
}


def open_urns(state: State) -> list[Record]:
    """The rounds whose urn is not opened yet, in the agenda's order: until then nothing of the board is exported."""
    return [r for r in in_order(state["rounds"].values()) if r["state"] in UNOPENED and is_sealed(r)]


__all__ = ["EXPORTS", "FLAVOURS", "Export", "open_urns"]
