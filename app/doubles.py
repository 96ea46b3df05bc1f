"""Which pairs of cards perhaps say the same, for one viewer: advice over what that viewer sees, and nothing else.

Not in the log: it follows from the cards. A view that sees more has words of its own, so that no score shown to the room depends
on a card that only staff have read. What staff found to be two things is left out for everybody.
"""

from __future__ import annotations

import threading
from typing import Any

from app.boards import boards
from app.domain.kinds.pairs import pair_id
from app.domain.likeness import LIKELY, Likeness, Pair, texts_of
from app.domain.records import View

# As many as a person goes through, and more: the browser leaves out what lies together already.
MOST = 400

_held: dict[tuple[str, View], Likeness] = {}
_turn = threading.Lock()


def doubles(board: str, view: View) -> list[dict[str, Any]]:
    """The closest pairs first. Shape: {cards: [id, id], likely: bool}; `likely` is worth a look before a vote.

    Raises: NoSuchBoard.
    """
    texts = texts_of(boards.view(board, view)["cards"].values())
    likeness = _held.setdefault((board, view), Likeness())
    # One at a time: when a round begins forty phones ask at once, and the first one's work serves them all.
    with _turn:
        found = boards.in_thread(_pairs, likeness, texts)
    dismissed = boards.moment(board).state["pairs"]
    shown = [pair for pair in found if pair_id(*pair.cards) not in dismissed][:MOST]
    return [{"cards": list(pair.cards), "likely": pair.score >= LIKELY} for pair in shown]


def _pairs(likeness: Likeness, texts: dict[str, str]) -> list[Pair]:
    """In a real thread: a thousand cards take a moment, and the loop goes on meanwhile."""
    likeness.follow(texts)
    return likeness.pairs()


def forget(board: str) -> None:
    """A board is gone: no word of it stays in memory."""
    for key in [key for key in _held if key[0] == board]:
        _held.pop(key, None)


boards.on_delete(forget)
