"""Versions of the action sheets: what was read out and agreed, with a number. Later words stand beside what they were.

A version is not a copy. A sheet remembers what its words were where they changed since (`since`), and a version what they
were in the one before: so every version can be read, and what is erased from a sheet lies nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.changes import Change, patch, put
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Rule
from app.domain.payloads import schema, whole
from app.domain.records import Record, State


def freeze(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> list[Change]:
    """All sheets that are kept become the version of this number, and nobody writes on them until one is opened again.

    The number is the next one that the person saw, so that two who freeze at once make one version.
    Raises: Rejected("changed_meanwhile"), Rejected("not_in_this_state") without a sheet.
    """
    kept = [sheet for sheet in state["sheets"].values() if sheet["state"] != "dropped"]
    if not kept:
        raise Rejected("not_in_this_state")
    if payload["number"] != next_number(state):
        raise Rejected("changed_meanwhile")
    return frozen(kept, payload["number"], actor, context, op_id)


def next_number(state: State) -> int:
    """One more than any sheet's version, also of those that were frozen alone."""
    return 1 + max((sheet["version"] for sheet in state["sheets"].values()), default=0)


def frozen(sheets: Sequence[Record], number: int, actor: Actor, context: Context, op_id: str) -> list[Change]:
    """The changes that make these sheets a version.

    Shape: `before` is sheet -> field -> what stood there in the sheet's version before, where that was something else.
    """
    version = {
        "id": op_id,
        "number": number,
        "sheets": [sheet["id"] for sheet in sheets],
        "before": {sheet["id"]: sheet["since"] for sheet in sheets if sheet.get("since")},
        "by": actor.role,
        "name": actor.name,
        "at_ms": context.now_ms,
    }
    return [
        *(patch("sheets", sheet, state="frozen", version=number, since={}) for sheet in sheets),
        put("versions", version),
    ]


RULES = {"sheet.freeze": Rule(schema(number=whole(1, 10_000)), freeze)}
