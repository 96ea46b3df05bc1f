"""What every export has in common: the order of things on a board, and what a target of a vote or comment is called."""

from __future__ import annotations

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


def rounds_in_order(state: State) -> list[Record]:
    return sorted(state["rounds"].values(), key=lambda round_: (round_["order"], round_["id"]))


def tallies_in_order(state: State) -> list[Record]:
    """The tallies as the agenda has their rounds; of one round, the older epoch first."""
    place = {round_["id"]: number for number, round_ in enumerate(rounds_in_order(state))}
    return sorted(
        state["tallies"].values(), key=lambda tally: (place.get(tally["round"], -1), tally["epoch"])
    )


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
