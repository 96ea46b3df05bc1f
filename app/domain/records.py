"""What a board is made of: records in tables, each with an id, a revision and an audience.

A record is a plain dictionary of JSON values, so that the log, the frames and the exports hold the same thing.
A record never looks up another one to know who may see it.
"""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
State = dict[str, dict[str, Record]]
View = frozenset[str]

TABLES = (
    "board",
    "factors",
    "tables",
    "rounds",
    "cards",
    "clusters",
    "sheets",
    "versions",
    "progress",
    "earlier",
    "comments",
    "notes",
    "tallies",
    "suggestions",
    "pairs",
    "handcounts",
)
ALL = "all"
STAFF = "staff"
# The experts and the facilitators: what experts wrote and the room has not been shown, and what they suggest.
DESK = "desk"
# The rapporteurs and the facilitators: what was noted of what was said, until it is released.
NOTES = "notes"

EVERYONE: View = frozenset({ALL})
STAFF_VIEW: View = frozenset({ALL, STAFF, DESK, NOTES})

STAFF_ROLES = frozenset({"facilitator"})
# Who runs a workshop: its door, its people, its agenda.
HOSTS = ("facilitator", "administrator")
# Only these see the review tray; experts and rapporteurs read what is published.
ROLES = ("participant", "scribe", "facilitator", "expert", "observer", "rapporteur", "administrator")


def empty_state() -> State:
    """A board before its first operation."""
    return {table: {} for table in TABLES}


def audience_of(record: Record) -> str:
    audience: str = record.get("audience", ALL)
    return audience


def view_of(role: str, table: str | None) -> View:
    """The audiences a person of this role, at this table, belongs to."""
    audiences = {ALL}
    if role in STAFF_ROLES:
        audiences |= {STAFF, DESK, NOTES}
    elif role == "expert":
        audiences.add(DESK)
    elif role == "rapporteur":
        audiences.add(NOTES)
    elif table and role in ("participant", "scribe"):
        audiences.add(f"table:{table}")
    return frozenset(audiences)


def visible_to(state: State, view: View) -> State:
    """What a view sees of a state."""
    return {
        table: {id_: record for id_, record in rows.items() if audience_of(record) in view}
        for table, rows in state.items()
    }


def board_of(state: State) -> Record:
    return state["board"].get("board", {})


def cards_of(state: State, cluster: str) -> list[Record]:
    """The cards in a cluster that everyone sees, in the order of their numbers."""
    inside = (c for c in state["cards"].values() if c["cluster"] == cluster and c["state"] == "published")
    return sorted(inside, key=lambda card: card["number"])
