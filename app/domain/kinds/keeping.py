"""What becomes of a board when the workshop is over: its people are forgotten, and it is put away to be read only.

Both come from the server itself, which has asked the administrator or the calendar: no socket and no frame can send them.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.domain.changes import Change, patch
from app.domain.erasure import FORGOTTEN, SIGNED, nameless
from app.domain.errors import Rejected
from app.domain.operations import Actor, Context, Erasure, Rule
from app.domain.payloads import schema
from app.domain.records import Record, State, board_of
from app.domain.rounds import unfinished


def _at_rest(state: State) -> Record:
    """The board, if nothing is under way: an urn's authors are counted by their seats, and who writes must not be cut off.

    Raises: Rejected("not_in_this_state").
    """
    board = board_of(state)
    if not board or unfinished(state["rounds"].values()):
        raise Rejected("not_in_this_state")
    return board


def forget(state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str) -> Erasure:
    """Take the names of people out of the board and its past; what they did and said stays, with their role."""
    board = _at_rest(state)
    unnamed = [
        patch(table, record, name=None)
        for table in SIGNED
        for record in state[table].values()
        if record.get("name")
    ]
    return Erasure(
        [patch("board", board, forgotten=board.get("forgotten", 0) + 1), *unnamed], nameless, FORGOTTEN
    )


def archive(
    state: State, payload: dict[str, Any], actor: Actor, context: Context, op_id: str
) -> list[Change]:
    """Put the board away, or take it out again."""
    board = _at_rest(state)
    if board.get("archived", False) is payload["archived"]:
        return []
    return [patch("board", board, archived=payload["archived"])]


RULES = {
    "board.forget": Rule(schema(), forget),
    "board.archive": Rule(
        schema(archived=fields.Boolean(required=True, truthy={True}, falsy={False})), archive
    ),
}
