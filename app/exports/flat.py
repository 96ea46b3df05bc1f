"""flat.csv: one row per card with everything an analyst wants beside it, so that nothing has to be joined.

Everything that cards.csv has, then the card's group, its sheet and the figures; and five columns for each published vote,
called by the round. What belongs to a group, a sheet or a factor stands on each of its cards: never add it up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.records import Record, State, board_of, cards_of
from app.domain.rounds import tallies_in_order
from app.exports import cards, figures
from app.exports.comments import counted_where_now
from app.exports.order import cards_in_order, in_language, sheets_by_source
from app.exports.text import day_or_text, masked

SHEET = ("sheet_number", "sheet_title", "disposition", "axis", "lead", "deadline", "sheet_state")
COLUMNS = (
    "card_id",
    *cards.COLUMNS,
    *("round_fr", "round_en", "cluster_factor_id", "cluster_cards", "comment_count", "expert_comment_count"),
    *SHEET,
    # Of the newest vote cards.csv has told some already.
    *(column for column in figures.COLUMNS if column not in (*cards.COLUMNS, *cards.VOTED.values())),
)
# Of each published vote, by a name that begins with its round.
OF_A_VOTE = ("total", "value", "rank", "internal", "external")
NAME_CHARS = 12


def more(state: State) -> tuple[str, ...]:
    """The columns that this board's own votes add, vote by vote as the agenda has them."""
    return tuple(f"{name}_{figure}" for name in _names(state).values() for figure in OF_A_VOTE)


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per published card, by factor and number."""
    voted, sheets, said = figures.figures(state), sheets_by_source(state), counted_where_now(state)
    votes = [(name, figures.by_target(state["tallies"][tally])) for tally, name in _names(state).items()]
    sizes = {cluster: len(cards_of(state, cluster)) for cluster in state["clusters"]}
    shown = (card for card in cards_in_order(state) if card["state"] == "published")
    for card, row in zip(shown, cards.rows(state, language), strict=True):
        cluster = state["clusters"].get(card["cluster"] or "")
        sheet = sheets.get(cluster["id"] if cluster else card["id"])
        name = state["rounds"].get(card["round"], {}).get("name", {})
        own = (card["id"] if not cluster else cluster["id"], sheet["id"] if sheet else None, card["factor"])
        yield {
            **figures.of_one(voted, own[0]),
            **row,
            "card_id": card["id"],
            "round_fr": in_language(name, "fr"),
            "round_en": in_language(name, "en"),
            "cluster_factor_id": cluster["factor"] if cluster else "",
            "cluster_cards": sizes[cluster["id"]] if cluster else "",
            "comment_count": said[card["id"], False] + said[card["cluster"] or "", False],
            "expert_comment_count": said[card["id"], True] + said[card["cluster"] or "", True],
            **_sheet(state, sheet, language),
            **{
                f"{vote}_{figure}": _figure(figures.first_row(targets, own), figure)
                for vote, targets in votes
                for figure in OF_A_VOTE
            },
        }


def _figure(row: Record | None, figure: str) -> Any:
    if row is None:
        return ""
    return row.get("value", row["total"]) if figure == "value" else row[figure]


def _names(state: State) -> dict[str, str]:
    """Tally -> what its vote is called in a heading, vote by vote as the agenda has them.

    Where one would be called as another one, or as a column of every board, it has a stroke more; a round of the agenda
    keeps its own id before one that is called by its place.
    """
    votes = tallies_in_order(state)
    taken: dict[str, str] = {}
    for tally in sorted(votes, key=lambda tally: _name(state, tally) != tally["round"]):
        name = _name(state, tally)
        while name in taken or any(f"{name}_{figure}" in COLUMNS for figure in OF_A_VOTE):
            name += "_"
        taken[name] = tally["id"]
    named = {tally: name for name, tally in taken.items()}
    return {tally["id"]: named[tally["id"]] for tally in votes}


def _name(state: State, tally: Record) -> str:
    """Its round's id from the agenda; of a round added in the room, its place there."""
    round_: str = tally["round"]
    if len(round_) > NAME_CHARS:
        round_ = f"r{state['rounds'].get(round_, {}).get('order', 0)}"
    return round_ if tally["epoch"] == 1 else f"{round_}.{tally['epoch']}"


def _sheet(state: State, sheet: Record | None, language: str) -> dict[str, Any]:
    if sheet is None:
        return dict.fromkeys(SHEET, "")
    axes = {axis["id"]: axis["name"] for axis in board_of(state).get("axes", [])}
    return {
        "sheet_number": sheet["number"],
        "sheet_title": masked(sheet["title"]),
        "disposition": sheet["disposition"] or "",
        "axis": in_language(axes.get(sheet["axis"] or "", {}), language),
        "lead": masked(sheet["lead"]),
        "deadline": day_or_text(sheet["deadline"]),
        "sheet_state": sheet["state"],
    }
