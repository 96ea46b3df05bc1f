"""Raised hands and the wheel of each board: in this worker's memory, told to staff and to each person about themselves.

They name people, so they are never in the log; what the queue and the wheel mean is in `app/domain/floor.py` and `wheel.py`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import socketio

from app.boards import Boards
from app.domain import floor, policy
from app.domain.operations import Actor
from app.domain.records import STAFF
from app.domain.wheel import Wheel
from realtime.viewers import Viewer, Viewers


class Floors:
    """Every board's floor and wheel, and the frames that tell of them. `here` is who is connected, by `viewers`."""

    def __init__(self, server: socketio.Server, boards: Boards, viewers: Viewers) -> None:
        self._server, self._boards, self._viewers = server, boards, viewers
        self._floors: dict[str, floor.Floor] = defaultdict(floor.Floor)
        self._wheels: dict[str, Wheel] = defaultdict(Wheel)
        self._told: dict[str, dict[str, Any]] = {}

    def turns(self, board: str, groups: tuple[str, ...]) -> dict[str, int]:
        return floor.turns_of(self._floors[board], groups)

    # --- what people ask for ---

    def hand(self, board: str, actor: Actor, place: str | None, *, up: bool) -> None:
        """Somebody asks to speak, or no longer; while a round is sealed nobody does."""
        if actor.person is None:
            return
        if not up:
            self._change(board, lambda f: f.lowered(actor.person or ""))
        elif policy.may_ask_to_speak(actor.role, self._live(board)):
            raised = floor.Hand(actor.person, actor.name or {}, place, actor.side, actor.table)
            self._change(board, lambda f: f.raised(raised))

    def decide(self, board: str, act: str, hand: str) -> None:
        """The facilitator gives the floor, or takes a hand off the queue: spoken, or not."""
        person = next((h.person for h in self._floors[board].hands if key_of(h.person) == hand), None)
        if person:
            self._change(board, lambda f: f.given(person) if act == "give" else f.lowered(person))

    def used(self, board: str, actor: Actor) -> None:
        """A facilitator acted."""
        now_ms = self._boards.clock.now_ms()
        before = self._wheels[board]
        self._wheels[board] = before.used(actor.person or "", actor.name, now_ms)
        if self._wheels[board] is not before:
            self.tell(board)

    def take(self, board: str, actor: Actor) -> None:
        self._wheels[board] = Wheel(actor.person, actor.name, self._boards.clock.now_ms())
        self.tell(board)

    def hand_over(self, board: str, to: str) -> None:
        """One tap: the wheel goes to another facilitator who is connected; without one, it stays."""
        for viewer in self._staff(board):
            if key_of(viewer.person) == to:
                now_ms = self._boards.clock.now_ms()
                self._wheels[board] = self._wheels[board].taken(viewer.person, viewer.name, now_ms)
                self.tell(board)
                return

    def forget(self, board: str) -> None:
        self._floors.pop(board, None)
        self._wheels.pop(board, None)

    def _change(self, board: str, step: Callable[[floor.Floor], floor.Floor]) -> None:
        self._floors[board] = step(self._floors[board])
        self.tell(board)

    # --- what people are told ---

    def tick(self, board: str) -> None:
        """Note who is here, and tell what time alone has changed: a silent wheel, somebody who left."""
        wheel, now_ms = self._wheels[board], self._boards.clock.now_ms()
        if wheel.person in {viewer.person for viewer in self._staff(board)}:
            self._wheels[board] = wheel.seen(now_ms)
        self.tell(board)

    def tell(self, board: str) -> None:
        """Each socket what concerns it, when that changed."""
        here = {viewer.person for viewer in self._viewers.on(board)}
        order = self._floors[board].in_turn()
        for viewer in self._viewers.on(board):
            told = self._for_staff(board, viewer, order, here) if STAFF in viewer.view else {}
            told["hand"] = self._own(order, viewer.person)
            if told != self._told.get(viewer.sid, {"hand": None}):
                self._told[viewer.sid] = told
                self._server.emit("floor", told, to=viewer.sid)

    def welcome(self, sid: str, board: str) -> None:
        """A newcomer's page knows nothing yet."""
        self._told.pop(sid, None)
        self.tell(board)

    def left(self, sid: str) -> None:
        self._told.pop(sid, None)

    def _own(self, order: list[floor.Hand], person: str) -> dict[str, Any] | None:
        """Where one's own hand stands: how many are before it; speaking when it is its turn."""
        for before, hand in enumerate(order):
            if hand.person == person:
                return {"speaking": hand.speaking, "before": before}
        return None

    def _for_staff(
        self, board: str, viewer: Viewer, order: list[floor.Hand], here: set[str]
    ) -> dict[str, Any]:
        return {
            "hands": [
                {
                    "id": key_of(hand.person),
                    "name": dict(hand.name),
                    "place": hand.place,
                    "table": hand.table,
                    "speaking": hand.speaking,
                    "here": hand.person in here,
                }
                for hand in order
            ],
            "wheel": self._wheel_for(board, viewer),
        }

    def _wheel_for(self, board: str, viewer: Viewer) -> dict[str, Any]:
        wheel = self._wheels[board]
        others = {v.person: v.name for v in self._staff(board) if v.person != viewer.person}
        return {
            "mine": wheel.person in (None, viewer.person),
            "name": dict(wheel.name) if wheel.name else None,
            "silent": wheel.is_silent(self._boards.clock.now_ms()),
            "others": [{"id": key_of(person), "name": dict(name)} for person, name in others.items()],
        }

    def _staff(self, board: str) -> list[Viewer]:
        return [viewer for viewer in self._viewers.on(board) if STAFF in viewer.view]

    def _live(self, board: str) -> dict[str, Any] | None:
        return policy.live_round(self._boards.moment(board).state["rounds"].values())


def key_of(person: str) -> str:
    """How a page names somebody to the server: it opens nothing, and does not lead back to the person's id."""
    return hashlib.sha256(f"floor|{person}".encode()).hexdigest()[:16]
