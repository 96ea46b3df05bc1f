"""progress.csv: what was reported of each sheet, step by step, the steps of earlier workshops first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.kinds.progress import steps_of
from app.domain.records import Record, State, board_of
from app.exports.order import in_language
from app.exports.text import masked

COLUMNS = ("sheet_number", "sheet_id", "workshop", "step", "day", "status", "percent", "text", "by")


def rows(state: State, language: str) -> Iterator[dict[str, Any]]:
    """One row per report, by the sheet's number. Who reported in an earlier workshop is not carried."""
    for sheet in sorted(state["sheets"].values(), key=lambda sheet: sheet["number"]):
        chapters = state["earlier"].get(sheet["source"]["id"], {}).get("chapters", [])
        here = board_of(state).get("title", {})
        told = [(chapter["title"], step) for chapter in chapters for step in chapter["progress"]]
        told += [(here, step) for step in steps_of(state, sheet["id"])]
        for number, (title, step) in enumerate(told, 1):
            yield _row(sheet, in_language(title, language), number, step)


def _row(sheet: Record, workshop: str, number: int, step: Record) -> dict[str, Any]:
    return {
        "sheet_number": sheet["number"],
        "sheet_id": sheet["id"],
        "workshop": masked(workshop),
        "step": number,
        "day": step["day"],
        "status": step["status"],
        "percent": "" if step["percent"] is None else step["percent"],
        "text": masked(step["text"]),
        "by": step.get("by", ""),
    }
