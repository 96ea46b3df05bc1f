"""From a board to what a workshop that follows it begins with: its sheets, what speaks for them, its factors' scores. PURE.

Reads what everybody saw of the board (the caller gives that view), so nothing kept back can be in it; and leaves out who said
what: the people of one workshop are none of the next one's business.
"""

from __future__ import annotations

from typing import Any

from app.domain.counting.change import KEPT, is_assessment
from app.domain.counting.method import split_name
from app.domain.kinds.earlier import PLAN, STANDING
from app.domain.kinds.progress import steps_of
from app.domain.records import Record, State, board_of, cards_of
from app.domain.rounds import tallies_in_order

# Whose words about a group or a sheet go with it; participants' remarks stay, but for what they reserved.
SPEAKERS = ("expert", "facilitator", "rapporteur")


def carried(state: State, day: str) -> dict[str, Any]:
    """The `earlier` of `board.setup`. `day` is when the workshop took place, as 2026-11-23, or empty."""
    kept = [sheet for sheet in state["sheets"].values() if sheet["state"] != "dropped"]
    return {
        "title": board_of(state)["title"],
        "day": day,
        "axes": board_of(state).get("axes", []),
        "sheets": [_sheet(state, sheet, day) for sheet in sorted(kept, key=lambda sheet: sheet["number"])],
        "scores": _scores(state),
    }


def _sheet(state: State, sheet: Record, day: str) -> dict[str, Any]:
    """A sheet with a chapter of this workshop, after those that it brought along itself."""
    before = state["earlier"].get(sheet["source"]["id"], {}).get("chapters", [])
    return {
        **{name: sheet[name] for name in ("number", "factor", "others", "axis", "table")},
        "plan": _plan(sheet),
        "chapters": [*before, _chapter(state, sheet, day)],
    }


def _plan(sheet: Record) -> dict[str, Any]:
    return {**{name: sheet.get(name, "") for name in PLAN}, **{name: sheet.get(name) for name in STANDING}}


def _chapter(state: State, sheet: Record, day: str) -> dict[str, Any]:
    cards = sources_of(state, sheet)
    about = {sheet["id"], sheet["source"]["id"], *(card["id"] for card in cards)}
    return {
        "title": board_of(state)["title"],
        "day": day,
        "plan": {**_plan(sheet), "version": sheet["version"]},
        "cards": [{"number": card["number"], "text": card["text"]} for card in cards],
        "votes": _votes(state, about),
        "notes": _notes(state, about),
        "progress": [
            {name: step[name] for name in ("status", "percent", "text", "day")}
            for step in steps_of(state, sheet["id"])
        ],
    }


def sources_of(state: State, sheet: Record) -> list[Record]:
    """The published cards behind a sheet that was made on this board."""
    source = sheet["source"]
    if source["table"] == "clusters":
        return cards_of(state, source["id"])
    card = state["cards"].get(source["id"])
    return [card] if card and card["state"] == "published" else []


def _votes(state: State, about: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "round": state["rounds"].get(tally["round"], {}).get("name", {}),
            "method": split_name(tally["method"])[0],
            # Tallies of older versions hold no value.
            "value": row.get("value", row["total"]),
            **{name: row[name] for name in ("rank", "tied", "internal", "external")},
            **{name: tally[name] for name in ("ballots", "seats")},
        }
        for tally in tallies_in_order(state)
        for row in tally["rows"]
        if row["target"] in about
    ]


def is_reserve(state: State, comment: Record) -> bool:
    """Whether a comment is what somebody wrote beside a vote on consent."""
    round_ = state["rounds"].get(comment["round"] or "", {})
    return comment["by"] == "participant" and split_name(round_.get("method") or "")[0] == "consent"


def _notes(state: State, about: set[str]) -> list[dict[str, Any]]:
    said = [c for c in state["comments"].values() if c["target"]["id"] in about]
    comments = [
        {
            "by": comment["by"],
            "kind": "reserve" if is_reserve(state, comment) else comment.get("kind") or "",
            "text": comment["text"],
        }
        for comment in said
        if comment["by"] in SPEAKERS or is_reserve(state, comment)
    ]
    noted = [n for n in state["notes"].values() if n["target"]["id"] in about]
    return comments + [{"by": note["by"], "kind": note["kind"], "text": note["text"]} for note in noted]


def _scores(state: State) -> list[dict[str, Any]]:
    """The newest assessment of the factors."""
    scored = [tally for tally in tallies_in_order(state) if is_assessment(tally)]
    if not scored:
        return []
    return [
        {"factor": row["target"], **{name: row[name] for name in KEPT}}
        for row in scored[-1]["rows"]
        if row["answers"]
    ]
