"""sheets.csv: the action sheets as they stand, a row each, with what speaks for them. Dropped ones are left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.kinds.sheets import LIMITS
from app.domain.records import Record, State, board_of, cards_of
from app.exports.order import factor_number, in_language, tallies_in_order
from app.exports.text import masked

FIELDS = tuple(field for field in LIMITS if field != "title")
COLUMNS = (
    *("sheet_number", "sheet_id", "title", "disposition", "state", "version"),
    *("factor_id", "factor_number", "other_factors", "axis", "table"),
    *FIELDS,
    *(
        "source_kind",
        "source_id",
        "source_cards",
        "vote_round",
        "total",
        "internal",
        "external",
        "rank",
        "ballots",
    ),
)


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per sheet that is not dropped, by number; the votes are those of the newest tally on it or on its source."""
    axes = {axis["id"]: axis["name"] for axis in board_of(state).get("axes", [])}
    for sheet in sorted(state["sheets"].values(), key=lambda sheet: sheet["number"]):
        if sheet["state"] == "dropped":
            continue
        table = state["tables"].get(sheet["table"] or "")
        yield {
            "sheet_number": sheet["number"],
            "sheet_id": sheet["id"],
            "title": masked(sheet["title"]),
            "disposition": sheet["disposition"] or "",
            "state": sheet["state"],
            "version": sheet["version"],
            "factor_id": sheet["factor"],
            "factor_number": factor_number(state, sheet["factor"]),
            "other_factors": " ".join(sheet["others"]),
            "axis": in_language(axes.get(sheet["axis"] or "", {}), language),
            "table": in_language(table["name"], language) if table else "",
            **{field: masked(sheet[field]) if field != "deadline" else sheet[field] for field in FIELDS},
            "source_kind": sheet["source"]["table"],
            "source_id": sheet["source"]["id"],
            "source_cards": " ".join(str(card["number"]) for card in _cards(state, sheet)),
            **_votes(state, sheet),
        }


def _cards(state: State, sheet: Record) -> list[Record]:
    """The published cards behind a sheet."""
    source = sheet["source"]
    if source["table"] == "clusters":
        return cards_of(state, source["id"])
    card = state["cards"].get(source["id"])
    return [card] if card else []


def _votes(state: State, sheet: Record) -> dict[str, Any]:
    """The newest published figures on a sheet or its source; empty cells where nobody voted on it."""
    about = {sheet["id"], sheet["source"]["id"]}
    for tally in reversed(tallies_in_order(state)):
        for row in tally["rows"]:
            if row["target"] in about:
                kept = {name: row[name] for name in ("total", "internal", "external", "rank")}
                return {"vote_round": tally["round"], "ballots": tally["ballots"], **kept}
    return dict.fromkeys(("vote_round", "total", "internal", "external", "rank", "ballots"), "")
