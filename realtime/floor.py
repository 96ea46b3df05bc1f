"""Raised hands and the wheel of each board: in memory, told to staff and to each person about themselves.

They name people, so they are never in the log; what the queue and the wheel mean is in `app/domain/floor.py` and `wheel.py`.
Each worker has its own memory of them and merges what the others tell (`neighbours.py`).
"""

from __future__ import annotations

import hashlib
import threading
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
    """Every board's floor and wheel, and the frames that tell of them. `on_change` is called when other workers should hear."""

    def __init__(self, server: socketio.Server, boards: Boards, viewers: Viewers) -> None:
        self._server, self._boards, self._viewers = server, boards, viewers
        self._floors: dict[str, floor.Floor] = defaultdict(floor.Floor)
        self._wheels: dict[str, Wheel] = defaultdict(Wheel)
        self._told: dict[str, dict[str, Any]] = {}
        # Where real threads handle frames, of two hands that go up at once neither may be lost.
        self._lock = threading.RLock()
        self.on_change: Callable[[], None] = lambda: None

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
        self._turn(board, lambda wheel: wheel.used(actor.person or "", actor.name, now_ms))

    def take(self, board: str, actor: Actor) -> None:
        now_ms = self._boards.clock.now_ms()
        self._turn(board, lambda wheel: wheel.taken(actor.person or "", actor.name, now_ms))

    def hand_over(self, board: str, to: str) -> None:
        """One tap: the wheel goes to another facilitator who is connected; without one, it stays."""
        now_ms = self._boards.clock.now_ms()
        chosen = next((one for one in self._viewers.staff(board) if key_of(one.person) == to), None)
        if chosen:
            self._turn(board, lambda wheel: wheel.taken(chosen.person, chosen.name, now_ms))

    def forget(self, board: str) -> None:
        self._floors.pop(board, None)
        self._wheels.pop(board, None)

    def _change(self, board: str, step: Callable[[floor.Floor], floor.Floor]) -> None:
        with self._lock:
            self._floors[board] = step(self._floors[board])
        self.tell(board)
        self.on_change()

    def _turn(self, board: str, step: Callable[[Wheel], Wheel]) -> None:
        with self._lock:
            before = self._wheels[board]
            self._wheels[board] = step(before)
        if self._wheels[board] is not before:
            self.tell(board)
            self.on_change()

    # --- what workers tell one another ---

    def said(self) -> dict[str, Any]:
        """Board -> what we know of its floor and wheel, as JSON can hold it."""
        with self._lock:
            return {
                board: {"floor": self._floors[board], "wheel": self._wheels[board]}
                for board in {*self._floors, *self._wheels}
            }

    def heard(self, board: str, told: dict[str, Any]) -> None:
        """What another worker knows. Raises: TypeError, ValueError, KeyError."""
        theirs, wheel = floor.floor_of(told["floor"]), Wheel(**told["wheel"])
        with self._lock:
            before = self._floors[board], self._wheels[board]
            self._floors[board] = before[0].merged(theirs)
            self._wheels[board] = before[1].merged(wheel, self._boards.clock.now_ms())
        if (self._floors[board], self._wheels[board]) != before:
            self.tell(board)

    # --- what people are told ---

    def tick(self, board: str) -> None:
        """Note who is here, and tell what time alone has changed: a silent wheel, somebody who left."""
        with self._lock:
            wheel = self._wheels[board]
            if wheel.person in {viewer.person for viewer in self._viewers.staff(board)}:
                self._wheels[board] = wheel.seen(self._boards.clock.now_ms())
        self.tell(board)

    def tell(self, board: str) -> None:
        """Each socket what concerns it, when that changed."""
        here = self._viewers.people(board)
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
                    # Whom we do not hear of may well be there.
                    "here": hand.person in here or self._viewers.is_incomplete,
                }
                for hand in order
            ],
            "wheel": self._wheel_for(board, viewer),
        }

    def _wheel_for(self, board: str, viewer: Viewer) -> dict[str, Any]:
        wheel = self._wheels[board]
        others = {v.person: v.name for v in self._viewers.staff(board) if v.person != viewer.person}
        return {
            "mine": wheel.person in (None, viewer.person),
            "name": dict(wheel.name) if wheel.name else None,
            "silent": wheel.is_silent(self._boards.clock.now_ms()),
            "others": [{"id": key_of(person), "name": dict(name)} for person, name in others.items()],
        }

    def _live(self, board: str) -> dict[str, Any] | None:
        return policy.live_round(self._boards.moment(board).state["rounds"].values())


def key_of(person: str) -> str:
    """How a page names somebody to the server: it opens nothing, and does not lead back to the person's id."""
    return hashlib.sha256(f"floor|{person}".encode()).hexdigest()[:16]
