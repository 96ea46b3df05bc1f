"""A board as a file has it: what of a board goes into one, and laying such a board down in one operation.

Record ids and revisions stay as they were, so the board that comes in has the digest of the one that went out. What belongs
to the moment stays behind: what lies on the stage, a practice board, the clock of a round that runs, why one did not
begin by itself.
"""

from __future__ import annotations

from typing import Any

from app.domain import rounds
from app.domain.changes import Change
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Rule
from app.domain.records import ALL, Record, State, audience_of, board_of
from app.domain.shapes import BOARD_FILE, SHAPES
from app.domain.soundness import faults

FORMAT, VERSION = "palabre-board", 1
# What everybody sees of the board's record, and what is only for now.
STAGE: dict[str, Any] = {"practice_board": None, "spotlight": None, "gathered": None, "message": None}
# Put away, a board is read only; what comes in is there to go on with.
AWAY = "archived"
# As the close of a round leaves it, when nothing lies in an urn.
OVER: dict[str, Any] = {"ends_at_ms": None, "left_ms": None, "pause_reason": None, "extra": {}}


def kept(state: State) -> dict[str, list[Record]]:
    """What a board's file holds: what everybody may see, and which of those cards staff found to be different.

    Shape: table -> records, in the board's order. A round that runs is over, as if it were closed now: no urn may be open.
    """
    tables = {
        table: [_at_rest(table, record) for record in state[table].values() if audience_of(record) == ALL]
        for table in SHAPES
    }
    seen = {card["id"] for card in tables["cards"]}
    tables["pairs"] = [pair for pair in state["pairs"].values() if seen.issuperset(pair["cards"])]
    return tables


def _at_rest(table: str, record: Record) -> Record:
    if table == "board":
        return {name: value for name, value in record.items() if name not in STAGE and name != AWAY}
    if table == "rounds" and record["state"] in rounds.LIVE:
        return {**record, **OVER, "state": "published", "rev": record["rev"] + 1}
    if record.get("held_up"):
        return {**record, "held_up": None}
    return record


def lay_down(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """A whole board, on one that has not begun.

    Raises: Rejected("not_in_this_state") on any other; Rejected("bad_payload", fields) with every path that does not hold.
    """
    if board_of(state):
        raise Rejected("not_in_this_state")
    if found := [fault.path for fault in faults(payload)]:
        raise Rejected("bad_payload", fields=found)
    return [
        Change("put", table, record["id"], record, None, audience_of(record))
        for table in SHAPES
        for record in ([payload[table][0] | STAGE] if table == "board" else payload[table])
    ]


RULES = {"board.import": Rule(BOARD_FILE, lay_down)}
