"""hello, submit, clock, and the floor: load the frame, call `app.boards`, answer. No branch about cards.

These are python-socketio handlers without a Flask request: a hot event costs half. The one that needs a request, `connect`,
is Flask-SocketIO's, because the session cookie decides who is there.
"""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Callable
from typing import Any

import socketio
from flask import request
from sqlalchemy.exc import SQLAlchemyError

from app import desks, messages, rates, seats, sessions
from app.boards import Boards
from app.domain.errors import Rejected
from app.domain.records import STAFF, STAFF_ROLES, view_of
from app.moments import NoSuchBoard, Ready, refusal
from app.store.people import Person
from realtime.floor import Floors
from realtime.gate import OPENING, Opening
from realtime.presence import Presence
from realtime.viewers import Viewer, Viewers, room

logger = logging.getLogger("palabre.realtime")


class Handlers:
    """The events of the protocol, over one door. `takes_turns`: the transport lets others go on between a client's frames."""

    def __init__(
        self,
        server: socketio.Server,
        boards: Boards,
        viewers: Viewers,
        presence: Presence,
        floors: Floors,
        *,
        takes_turns: bool,
    ) -> None:
        self._server, self._boards = server, boards
        self._viewers, self._presence, self._floors = viewers, presence, floors
        self._frames = rates.Rates(rates.FRAMES_BURST, rates.FRAMES_PER_S)
        self._seats: dict[str, str] = {}
        # By what token each socket was let in.
        self._proofs: dict[str, bytes] = {}
        self._takes_turns = takes_turns

    def connect(self, auth: Any) -> bool:
        """Who may open a socket: the bearer of a cookie with the seat that `auth` names, from a page of ours or with a ticket."""
        auth = auth if isinstance(auth, dict) else {}
        handle, opening = auth.get("seat"), self._opening(request.sid)  # type: ignore[attr-defined]
        found = sessions.session_here(handle) if isinstance(handle, str) else None
        if (
            found is None
            or found[0].locked
            or not (opening.shown or sessions.takes_ticket(handle, auth.get("ticket")))
        ):
            opening.refused()
            return False
        opening.seated()
        proof, member = found
        self._viewers.handles[request.sid] = handle  # type: ignore[attr-defined]
        self._seats[request.sid] = member.id  # type: ignore[attr-defined]
        self._proofs[request.sid] = proof.token_hash  # type: ignore[attr-defined]
        return True

    def _opening(self, sid: str) -> Opening:
        found: Opening = self._server.get_environ(sid)[OPENING]
        return found

    def people(self) -> dict[str, str]:
        """Handle -> person of every socket of this worker."""
        return {
            handle: self._seats[sid] for sid, handle in self._viewers.handles.items() if sid in self._seats
        }

    def is_renewed(self, handle: str, token_hash: bytes) -> bool:
        """Whether a socket of this seat was let in by another token than the present one."""
        return any(self._proofs.get(sid) != token_hash for sid in self._viewers.of_handle(handle))

    def disconnect(self, sid: str, *_: object) -> None:
        if self._server.get_environ(sid):  # else its transport is closed already
            self._opening(sid).refused()
        self._seats.pop(sid, None)
        self._proofs.pop(sid, None)
        viewer = self._viewers.forget(sid)
        self._floors.left(sid)
        if viewer:
            self._presence.changed(viewer.board)

    def hello(self, sid: str, data: Any) -> None:
        """Welcome, then whatever is missing. The recovery path is the start-up path."""
        asked = messages.read("hello", data)
        handle = self._viewers.handles.get(sid)
        member = seats.member(handle) if handle else None
        if member is None:
            self._cut(sid, seats.why_not(handle or ""))
            return
        if not seats.may_open(member, asked["board"]):
            self._goodbye(sid, "removed")
            return
        actor, you = seats.actor_of(member), seats.you(member, handle or "")
        if asked["protocol"] != messages.PROTOCOL:
            self._goodbye(sid, "reload")
            return
        view = view_of(actor.role, actor.table)
        try:
            if asked["head"] > self._boards.moment(asked["board"]).head:
                # It comes from another worker that knows more: a screen never goes back.
                self._boards.follow_now(asked["board"])
            moment = self._boards.moment(asked["board"])
            # Twice: reading an old part of the log may take a while, and commits go on meanwhile.
            first = self._boards.catch_up(asked["board"], view, asked["head"], asked["generation"])
            seen = (first.to, first.generation) if first else (asked["head"], asked["generation"])
            rest = self._boards.catch_up(asked["board"], view, *seen)
        except NoSuchBoard:
            self._goodbye(sid, "removed")
            return
        self._enter(Viewer(sid, handle or "", asked["board"], view, member.id, member.name))
        now = self._boards.clock.now_ms()
        welcome = {"you": you, "now": now, "protocol": messages.PROTOCOL}
        self._emit("welcome", {**welcome, "head": moment.head, "generation": moment.generation}, sid)
        for missed in (first, rest):
            if missed:
                self._emit("changes", missed, sid)
        self._presence.welcome(sid, asked["board"], view)
        self._floors.welcome(sid, asked["board"])

    def _enter(self, viewer: Viewer) -> None:
        if viewer.sid not in self._viewers.handles:
            return  # it closed while we were reading the log for it
        before = self._viewers.leave_board(viewer.sid)
        if before:
            self._server.leave_room(viewer.sid, room(before.board, before.view))
        self._viewers.add(viewer)
        self._server.enter_room(viewer.sid, room(viewer.board, viewer.view))
        self._presence.changed(viewer.board)

    def submit(self, sid: str, data: Any) -> None:
        """Queue the operations of a frame; the answers go to this socket after the commit."""
        asked = messages.read("submit", data)
        operations = messages.operations(asked)
        viewer = self._viewers.get(sid)
        refused = self._refusal(sid, viewer, len(operations))
        if refused:
            self._answer(sid, [refusal(op.id, refused) for op in operations])
            return
        assert viewer
        member = self._member(sid, viewer)
        if member is None:
            return
        actor = desks.sender(member, operations)
        if actor.role in STAFF_ROLES:
            self._floors.used(viewer.board, actor)
        self._boards.submit(viewer.board, actor, operations, lambda found: self._answer(sid, found))

    def _member(self, sid: str, viewer: Viewer) -> Person | None:
        """Who is behind a socket as of now; cut when nobody is, for it would go on hearing what its seat could see."""
        member = seats.member(viewer.handle)
        if member is None:
            self._cut(sid, seats.why_not(viewer.handle))
        return member

    def _refusal(self, sid: str, viewer: Viewer | None, count: int) -> Rejected | None:
        if viewer is None:
            return Rejected("not_joined")
        if not rates.operations.take(self._seats.get(sid, ""), count, time.monotonic()):
            return Rejected("slow_down")
        return None

    def hand(self, sid: str, data: Any) -> None:
        """Ask to speak, or no longer."""
        asked = messages.read("hand", data)
        viewer = self._joined(sid)
        if member := self._member(sid, viewer):
            self._floors.hand(viewer.board, seats.actor_of(member), member.place, up=asked["up"])

    def floor(self, sid: str, data: Any) -> None:
        """The facilitator gives the floor, or ends a turn."""
        asked = messages.read("floor", data)
        self._floors.decide(self._heard_from_staff(sid).board, asked["act"], asked["hand"])

    def wheel(self, sid: str, data: Any) -> None:
        """One facilitator takes the wheel, or hands it to another."""
        asked = messages.read("wheel", data)
        viewer = self._heard_from_staff(sid)
        if asked["to"]:
            self._floors.hand_over(viewer.board, asked["to"])
        elif member := self._member(sid, viewer):
            self._floors.take(viewer.board, seats.actor_of(member))

    def _joined(self, sid: str) -> Viewer:
        """Raises: Rejected("not_joined") before a hello."""
        viewer = self._viewers.get(sid)
        if viewer is None:
            raise Rejected("not_joined")
        return viewer

    def _heard_from_staff(self, sid: str) -> Viewer:
        """Raises: Rejected("not_joined"), or Rejected("not_allowed") for anybody else."""
        viewer = self._joined(sid)
        if STAFF not in viewer.view:
            raise Rejected("not_allowed")
        return viewer

    def clock(self, sid: str, data: Any = None) -> dict[str, int]:
        return {"now": self._boards.clock.now_ms()}

    def _answer(self, sid: str, results: list[dict[str, Any]]) -> None:
        self._emit("answers", {"results": results}, sid)

    def _refuse(self, sid: str, event: str, rejected: Rejected) -> None:
        """A frame as a whole: whoever sent several must know which."""
        self._emit("answers", messages.refused(event, refusal("", rejected)), sid)

    def _emit(self, event: str, data: dict[str, Any] | Ready, sid: str) -> None:
        self._server.emit(event, data, to=sid)

    def _goodbye(self, sid: str, reason: str) -> None:
        self._emit("goodbye", {"reason": reason}, sid)

    def board_gone(self, board: str) -> None:
        """Send everybody who looks at a deleted board back to the workshop's own."""
        self._floors.forget(board)
        self._presence.forget(board)
        for view in self._viewers.views(board):
            for sid in self._viewers.sids(board, view):
                self._goodbye(sid, "gone")
                self._viewers.leave_board(sid)
                self._server.leave_room(sid, room(board, view))

    def cut(self, handle: str, reason: str) -> None:
        """Say goodbye to every socket of a seat's session and close it."""
        for sid in self._viewers.of_handle(handle):
            self._cut(sid, reason)

    def _cut(self, sid: str, reason: str) -> None:
        self._goodbye(sid, reason)
        self._server.disconnect(sid)

    def guarded(self, event: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        """A malformed frame is answered with its code, under the event's name; our own mistakes are logged without the frame."""
        taken = inspect.signature(handler).parameters.values()
        least = sum(one.default is inspect.Parameter.empty for one in taken) - 1
        most = len(taken) - 1

        def run(sid: str, *arguments: Any) -> Any:
            try:
                self._pace(sid)
                if not least <= len(arguments) <= most:
                    raise Rejected("bad_payload", fields=[])
                return handler(sid, *arguments)
            except Rejected as rejected:
                self._refuse(sid, event, rejected)
            except (SQLAlchemyError, OSError) as error:
                logger.error("storage: %s in a handler", type(error).__name__)
                self._try_again(sid, event)
            except Exception:
                logger.exception("a handler failed")
                self._refuse(sid, event, Rejected("internal"))
            return None

        return run

    def _try_again(self, sid: str, event: str) -> None:
        """The disk failed under a frame: an operation comes again; a hello comes with the next connection, a moment later; for the
        rest a person asks again."""
        if self._viewers.get(sid):
            self._refuse(sid, event, Rejected("retry" if event == "submit" else "internal"))
        else:
            self._server.disconnect(sid)

    def _pace(self, sid: str) -> None:
        """Hold the connection of a seat that sends too many, and the network holds the sender; let the others have their turn.

        One read of a socket may hold a hundred frames: without a pause between them nobody else would be served.
        """
        wait_s = self._frames.wait_s(self._seats.get(sid, ""), time.monotonic())
        if wait_s or not self._takes_turns:
            self._server.sleep(min(wait_s, 1))

    def unknown(self, event: str, sid: str, *_: object) -> None:
        """An event that is none of ours."""
        self._pace(sid)
        self._refuse(sid, event, Rejected("bad_payload", fields=[]))


def register(socketio_: Any, handlers: Handlers) -> None:
    """Bind the protocol's events to a Flask-SocketIO instance."""
    socketio_.on("connect")(handlers.connect)
    server = socketio_.server
    server.on("disconnect", handlers.disconnect)
    for event in messages.EVENTS:
        server.on(event, handlers.guarded(event, getattr(handlers, event)))
    server.on("*", handlers.unknown)
