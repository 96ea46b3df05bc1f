"""Who is connected, as a number; turnout and the queue at the door for staff. Coalesced, frozen while a round is sealed.

A count that moves with each card or arrival would tell who wrote: so it stands still during a sealed round, and turnout is
shown from ten up only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import socketio

from app.boards import Boards
from app.domain import rounds
from app.domain.policy import live_round
from app.domain.records import STAFF, View
from realtime.viewers import Viewers, room

SHOWN_FROM = 10
STEADY_MS = 15_000


class Presence:
    """Numbers about a board's viewers. `door_of` counts who waits at the door of a board's workshop."""

    def __init__(
        self, server: socketio.Server, boards: Boards, viewers: Viewers, door_of: Callable[[str], int]
    ) -> None:
        self._server, self._boards, self._viewers, self._door_of = server, boards, viewers, door_of
        # Of this worker; `live.py` puts all workers' in its place.
        self.online_of: Callable[[str], int] = viewers.online
        self.remote_cut_min: Callable[[], int | None] = lambda: None
        self._changed: set[str] = set()
        self._frozen: dict[str, int] = {}
        self._sent: dict[str, dict[View, dict[str, Any]]] = {}
        self._counted: dict[str, tuple[tuple[str, int], int, int]] = {}

    def changed(self, board: str) -> None:
        self._changed.add(board)

    def welcome(self, sid: str, board: str, view: View) -> None:
        """A newcomer gets what the others were last told."""
        if known := self._sent.get(board, {}).get(view):
            self._server.emit("presence", known, to=sid)
        else:
            self._changed.add(board)

    def tick(self, board: str) -> None:
        """Tell each view of a board what changed since it was last told."""
        numbers = self._online(board)
        for view in self._viewers.views(board):
            told = {**numbers, **self._for_staff(board)} if STAFF in view else numbers
            before = self._sent.setdefault(board, {}).get(view)
            if told != before or board in self._changed:
                self._sent[board][view] = told
                self._server.emit("presence", told, to=room(board, view))
        self._changed.discard(board)

    def _live(self, board: str) -> dict[str, Any] | None:
        return live_round(self._boards.moment(board).state["rounds"].values())

    def _online(self, board: str) -> dict[str, Any]:
        live = self._live(board)
        if live and rounds.is_sealed(live):
            return {"online": self._frozen.setdefault(board, self.online_of(board))}
        self._frozen.pop(board, None)
        return {"online": self.online_of(board)}

    def _for_staff(self, board: str) -> dict[str, Any]:
        told: dict[str, Any] = {"door": self._door_of(board)}
        if (minutes := self.remote_cut_min()) is not None:
            told["remote_cut_min"] = minutes
        live = self._live(board)
        if live and rounds.is_sealed(live):
            count = self._steady_count(board, live)
            told["turnout"] = {
                "round": live["id"],
                "epoch": live["epoch"],
                "kind": "ballots" if rounds.is_ballot(live) else "texts",
                "count": count if count >= SHOWN_FROM else None,
                "seats": live["roster"],
            }
        return told

    def _steady_count(self, board: str, live: dict[str, Any]) -> int:
        """How much lies in the urn, as of at most 15 s ago: a number that moves with each tap would name who tapped."""
        now_ms, epoch = self._boards.clock.now_ms(), (live["id"], live["epoch"])
        counted = self._counted.get(board)
        if counted is None or counted[0] != epoch or now_ms - counted[1] >= STEADY_MS:
            texts, ballots = self._boards.urn_count(board, *epoch)
            counted = (epoch, now_ms, ballots if rounds.is_ballot(live) else texts)
            self._counted[board] = counted
        return counted[2]
