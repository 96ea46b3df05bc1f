"""Raised hands and the wheel of each board: in memory, told to staff and to each person about themselves.

They name people, so they are never in the log; what the queue and the wheel mean is in `app/domain/floor.py` and `wheel.py`.
Each worker has its own memory of them and merges what the others tell (`neighbours.py`).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import socketio

from app.boards import Boards
from app.domain import policy
from app.domain.errors import Rejected
from app.domain.floor import Floor, Hand, floor_of, turns_of
from app.domain.operations import Actor
from app.domain.records import STAFF, board_of
from app.domain.wheel import Wheel
from app.moments import NoSuchBoard
from realtime.viewers import Viewer, Viewers


@dataclass(frozen=True, slots=True)
class Known:
    """What a worker knows of one board's floor and wheel. `forgotten` counts how often the board's people had been forgotten
    by then: what was known before is known no more, whoever still tells it."""

    floor: Floor = field(default_factory=Floor)
    wheel: Wheel = field(default_factory=Wheel)
    forgotten: int = 0

    def merged(self, other: Known, now_ms: int) -> Known:
        if self.forgotten != other.forgotten:
            return max(self, other, key=lambda known: known.forgotten)
        return replace(
            self, floor=self.floor.merged(other.floor), wheel=self.wheel.merged(other.wheel, now_ms)
        )


def known_of(told: Mapping[str, Any]) -> Known:
    """From the JSON that another worker made of its own. Raises: TypeError, ValueError, KeyError."""
    return Known(floor_of(told["floor"]), Wheel(**told["wheel"]), told["forgotten"])


class Floors:
    """Every board's floor and wheel, and the frames that tell of them. `on_change` is called when other workers should hear."""

    def __init__(self, server: socketio.Server, boards: Boards, viewers: Viewers) -> None:
        self._server, self._boards, self._viewers = server, boards, viewers
        self._known: dict[str, Known] = {}
        self._told: dict[str, dict[str, Any]] = {}
        # Where real threads handle frames, of two hands that go up at once neither may be lost.
        self._lock = threading.RLock()
        self.on_change: Callable[[], None] = lambda: None

    def turns(self, board: str, groups: tuple[str, ...]) -> dict[str, int]:
        return turns_of(self._of(board).floor, groups)

    def _of(self, board: str) -> Known:
        """What is known of a board now; nothing from before its people were forgotten. Raises: NoSuchBoard."""
        times = board_of(self._boards.moment(board).state).get("forgotten", 0)
        with self._lock:
            if board not in self._known or self._known[board].forgotten < times:
                self._known[board] = Known(forgotten=times)
            return self._known[board]

    # --- what people ask for ---

    def hand(self, board: str, actor: Actor, place: str | None, *, up: bool) -> None:
        """Somebody asks to speak, or no longer.

        Raises: Rejected("not_allowed"); Rejected("not_in_this_state") while a round is sealed.
        """
        person = actor.person or ""
        if not up:
            self._change(board, lambda f: f.lowered(person))
            return
        policy.check_hand(actor.role, self._live(board))
        raised = Hand(person, actor.name or {}, place, actor.side, actor.table)
        self._change(board, lambda f: f.raised(raised))

    def decide(self, board: str, act: str, hand: str) -> None:
        """The facilitator gives the floor, or takes a hand off the queue: spoken, or not. Raises: Rejected("gone")."""
        person = next((h.person for h in self._of(board).floor.hands if key_of(h.person) == hand), None)
        if person is None:
            raise Rejected("gone")
        self._change(board, lambda f: f.given(person) if act == "give" else f.lowered(person))

    def used(self, board: str, actor: Actor) -> None:
        """A facilitator acted."""
        now_ms = self._boards.clock.now_ms()
        self._turn(board, lambda wheel: wheel.used(actor.person or "", actor.name, now_ms))

    def take(self, board: str, actor: Actor) -> None:
        now_ms = self._boards.clock.now_ms()
        self._turn(board, lambda wheel: wheel.taken(actor.person or "", actor.name, now_ms))

    def hand_over(self, board: str, to: str) -> None:
        """One tap: the wheel goes to another facilitator who is connected. Raises: Rejected("gone"), and it stays."""
        now_ms = self._boards.clock.now_ms()
        chosen = next((one for one in self._viewers.staff(board) if key_of(one.person) == to), None)
        if chosen is None:
            raise Rejected("gone")
        self._turn(board, lambda wheel: wheel.taken(chosen.person, chosen.name, now_ms))

    def forget(self, board: str) -> None:
        self._known.pop(board, None)

    def _change(self, board: str, step: Callable[[Floor], Floor]) -> None:
        self._step(board, lambda known: replace(known, floor=step(known.floor)))
        self.tell(board)
        self.on_change()

    def _turn(self, board: str, step: Callable[[Wheel], Wheel]) -> None:
        before, now = self._step(board, lambda known: replace(known, wheel=step(known.wheel)))
        if now.wheel is not before.wheel:
            self.tell(board)
            self.on_change()

    def _step(self, board: str, step: Callable[[Known], Known]) -> tuple[Known, Known]:
        """Before and after."""
        with self._lock:
            before = self._of(board)
            now = self._known[board] = step(before)
        return before, now

    # --- what workers tell one another ---

    def said(self) -> dict[str, Known]:
        """By board, as JSON can hold it."""
        told: dict[str, Known] = {}
        for board in list(self._known):
            with suppress(NoSuchBoard):
                told[board] = self._of(board)
        return told

    def heard(self, board: str, theirs: Known) -> None:
        """What another worker knows."""
        now_ms = self._boards.clock.now_ms()
        before, now = self._step(board, lambda known: known.merged(theirs, now_ms))
        if now != before:
            self.tell(board)

    # --- what people are told ---

    def boards(self) -> list[str]:
        """Of which anything is known."""
        return list(self._known)

    def holds(self, board: str) -> bool:
        """Whether anybody has raised a hand, spoken or taken the wheel there."""
        known = self._of(board)
        return known != Known(forgotten=known.forgotten)

    def tick(self, board: str) -> None:
        """Note who is here, and tell what time alone has changed: a silent wheel, somebody who left, people who were forgotten."""
        here = {viewer.person for viewer in self._viewers.staff(board)}
        now_ms = self._boards.clock.now_ms()
        self._step(
            board,
            lambda known: (
                replace(known, wheel=known.wheel.seen(now_ms)) if known.wheel.person in here else known
            ),
        )
        self.tell(board)

    def tell(self, board: str) -> None:
        """Each socket what concerns it, when that changed."""
        here = self._viewers.people(board)
        order = self._of(board).floor.in_turn()
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

    def _own(self, order: list[Hand], person: str) -> dict[str, Any] | None:
        """Where one's own hand stands: how many are before it; speaking when it is its turn."""
        for before, hand in enumerate(order):
            if hand.person == person:
                return {"speaking": hand.speaking, "before": before}
        return None

    def _for_staff(self, board: str, viewer: Viewer, order: list[Hand], here: set[str]) -> dict[str, Any]:
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
        wheel = self._of(board).wheel
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
