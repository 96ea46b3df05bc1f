"""sheets.csv: the action sheets as they stand, a row each, with what speaks for them and what became of them. Dropped ones are
left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.followup import is_reserve, sources_of
from app.domain.kinds.sheets import DAYS, LIMITS
from app.domain.records import Record, State, board_of
from app.exports import figures
from app.exports.order import factor_number, in_language
from app.exports.text import day_or_text, masked

FIELDS = tuple(field for field in LIMITS if field != "title")
COLUMNS = (
    *("sheet_number", "sheet_id", "title", "disposition", "state", "version"),
    *("factor_id", "factor_number", "other_factors", "axis", "table"),
    *FIELDS,
    *("horizon", "status", "percent", "reserves"),
    *("source_kind", "source_id", "source_cards"),
    *figures.COLUMNS,
)


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per sheet that is not dropped, by number; the figures are those of the votes on it, else on its source."""
    voted = figures.figures(state)
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
            **{field: _said(sheet, field) for field in FIELDS},
            "horizon": sheet.get("horizon") or "",
            "status": sheet.get("status") or "",
            "percent": "" if sheet.get("percent") is None else sheet["percent"],
            "reserves": _reserves(state, sheet),
            "source_kind": sheet["source"]["table"],
            "source_id": sheet["source"]["id"],
            "source_cards": " ".join(str(card["number"]) for card in _cards(state, sheet)),
            **figures.of_both(voted, sheet["source"]["id"], sheet["id"]),
        }


def _said(sheet: Record, field: str) -> Any:
    text: str = sheet.get(field, "")
    return day_or_text(text) if field in DAYS else masked(text)


def _reserves(state: State, sheet: Record) -> str:
    """What was written beside a vote on consent, one a line."""
    about = {sheet["id"], sheet["source"]["id"]}
    said = [
        c["text"] for c in state["comments"].values() if c["target"]["id"] in about and is_reserve(state, c)
    ]
    return masked("\n".join(said))


def _cards(state: State, sheet: Record) -> list[Record]:
    """The actions behind a sheet; of a carried one those of the workshop where it was made."""
    if sheet["source"]["table"] != "earlier":
        return sources_of(state, sheet)
    chapters = state["earlier"].get(sheet["source"]["id"], {}).get("chapters", [])
    return next((chapter["cards"] for chapter in chapters if chapter["cards"]), [])
