"""What every export has in common: the order of things on a board, and what a target of a vote or comment is called."""

from __future__ import annotations

from app.domain.counting.method import WHOLE
from app.domain.kinds.cards import where_now
from app.domain.records import Record, State, cards_of
from app.exports.text import masked


def in_language(words: dict[str, str], language: str) -> str:
    return words.get(language) or words.get("fr") or words.get("en") or ""


def factor_number(state: State, factor: str) -> int:
    found = state["factors"].get(factor)
    return int(found["number"]) if found else 0


def cards_in_order(state: State) -> list[Record]:
    return sorted(
        state["cards"].values(), key=lambda card: (factor_number(state, card["factor"]), card["number"])
    )


def on_paper(tally: Record) -> int | None:
    """How many ballots came on paper; None below five of them, and in tallies that knew no paper."""
    paper = tally.get("paper")
    return paper["counted"] if paper else None


def bucket_of(row: Record) -> str:
    """The list a row was ranked in. Tallies of older versions do not say; then only factors are one list."""
    old = WHOLE if row["target"] == row["factor"] else row["factor"]
    return str(row.get("bucket", old))


def sheets_by_source(state: State) -> dict[str, Record]:
    """Source id -> its action sheet, unless that was dropped."""
    return {s["source"]["id"]: s for s in state["sheets"].values() if s["state"] != "dropped"}


def where_it_stands(state: State, target: Record) -> str:
    """The id of what was spoken of: of a group that went into another one, that one. What was meant for it follows."""
    record_id: str = target["id"]
    if target["table"] != "clusters" or record_id not in state["clusters"]:
        return record_id
    return str(where_now(state, record_id)["id"])


def target_of(state: State, record_id: str) -> tuple[str, Record] | tuple[str, None]:
    """The table and record that a tally's row is about; None when the record is not (or no longer) to be seen."""
    for table in ("clusters", "cards", "factors", "sheets"):
        if record_id in state.get(table, {}):
            return table, state[table][record_id]
    return "", None


def label(state: State, table: str, record: Record | None, language: str) -> str:
    """What a person reads for a target: a title, a name, a text; of a cluster without a name, the first of its cards."""
    if record is None:
        return ""
    if table == "factors":
        return in_language(record["title"], language)
    if table == "cards":
        return masked(record["text"])
    if table == "sheets":
        return masked(record["title"])
    inside = cards_of(state, record["id"])
    return masked(record["name"] or (inside[0]["text"] if inside else ""))
