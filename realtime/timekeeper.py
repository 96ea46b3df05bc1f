"""The server's clock at work: closes rounds at zero, releases batches, beats the heart, and brings a round back after an outage."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import socketio
from sqlalchemy.exc import SQLAlchemyError

from app.boards import Boards
from app.custody import rekeying
from app.domain import rounds
from app.domain.errors import PASSING
from app.domain.kinds.rounds import slots_of
from app.domain.operations import CLOCK, Operation
from app.domain.policy import live_round
from app.domain.records import Record
from app.messages import HEARTBEAT_S
from app.mixing import mix_urns
from app.moments import Answer, NoSuchBoard, key_name
from app.store import clocks
from app.urn.keys import KeyName
from realtime.floor import Floors
from realtime.idle import Idle
from realtime.presence import Presence
from realtime.viewers import Viewers, room

logger = logging.getLogger("palabre.timekeeper")

TICK_S = 0.5
RELEASE_S = 15
MIX_S = 15
ALIVE_S = 5
IDLE_S = 60
OUTAGE_MS = 10_000


class Timekeeper:
    """One loop for all boards of the process."""

    def __init__(
        self,
        boards: Boards,
        server: socketio.Server,
        viewers: Viewers,
        presence: Presence,
        floors: Floors,
        sleep: Callable[[float], object],
    ) -> None:
        self._boards, self._server, self._viewers = boards, server, viewers
        self._presence, self._floors, self._sleep = presence, floors, sleep
        self._idle = Idle(boards, viewers, presence, floors)
        self._ticks = 0
        self._kept_end: dict[str, int | None] = {}
        # Boards whose round an outage may have interrupted, as long as it is not known, or its pause not taken by the disk.
        self._interrupted: set[str] = set()

    def resume(self) -> None:
        """At start: finish destructions a crash interrupted, replace lost keys, and pause what an outage interrupted."""
        for board in self._boards.boards():
            self._interrupted.add(board)
            self._guarded(self._pause_after_outage, board)
        for lost in self._boards.settle_keys():
            self._guarded(partial(self._rekey, lost), lost.epoch.board)

    def _rekey(self, lost: KeyName, board: str) -> None:
        self._boards.submit_now(board, CLOCK, [rekeying(lost)])

    def _pause_after_outage(self, board: str) -> None:
        """Pause what an outage interrupted, if it did; the board stays among the interrupted until that is known and done."""
        live = live_round(self._boards.moment(board).state["rounds"].values())
        kept = self._boards.read(lambda c: clocks.read(c, board))
        if live and kept and self._is_interrupted(live, kept):
            op_id = f"outage:{live['id']}:{live['epoch']}:{kept.alive_at_ms}"
            answer = self._clock_command(board, "pause", live, op_id, left_ms=kept.left_ms)
            if answer.get("code") in PASSING:
                return
        self._interrupted.discard(board)

    def _is_interrupted(self, live: Record, kept: clocks.Clock) -> bool:
        """Also by a clock that stands before the last sign of life: set wrong at a start, it would add hours to the round."""
        away_ms = abs(self._boards.clock.now_ms() - kept.alive_at_ms)
        return live["state"] == "running" and live["id"] == kept.round and away_ms > OUTAGE_MS

    def run(self) -> None:
        """For ever."""
        while True:
            self._sleep(TICK_S)
            self.tick()

    def tick(self) -> None:
        """One step of the clock for every board; what fails on one of them is logged and leaves the others alone."""
        self._ticks += 1
        if self._every(ALIVE_S):
            self._boards.truncate_if_due()
            self._boards.custody.destroy_if_due()
        if self._every(MIX_S):
            self._guarded(lambda _: mix_urns(self._boards), "any")
        for board in self._boards.loaded():
            self._guarded(self._keep, board)
            if self._every(IDLE_S):
                self._guarded(self._idle.look, board)
        if self._every(2):
            # Whether somebody looks at it or not: people who are forgotten are forgotten here too.
            for board in self._floors.boards():
                self._guarded(self._floors.tick, board)
            # Nor does a sitting last longer than its round where those who took part have left.
            for board in set(self._presence.attendance.boards()) - set(self._viewers.boards()):
                self._guarded(self._presence.note, board)
        for board in self._viewers.boards():
            if self._every(2):
                self._guarded(self._presence.tick, board)
            if self._every(HEARTBEAT_S):
                self._guarded(self._beat, board)

    def _guarded(self, step: Callable[[str], None], board: str) -> None:
        try:
            step(board)
        except NoSuchBoard:
            pass  # deleted a moment ago
        except (SQLAlchemyError, OSError) as error:
            logger.error("storage: %s at a tick on board %s", type(error).__name__, board)
        except Exception:
            logger.exception("a tick failed on board %s", board)

    def _keep(self, board: str) -> None:
        if board in self._interrupted:
            # First of all: a close, or a sign of life, would take the time that was left.
            self._pause_after_outage(board)
        live = live_round(self._boards.moment(board).state["rounds"].values())
        if not live or board in self._interrupted:
            return
        self._close_at_zero(board, live)
        if self._every(RELEASE_S) or rounds.is_shown_at_once(live):
            self._release(board, live)
        # At once when its end moved: a crash in the next seconds must not find what was true before.
        if self._every(ALIVE_S) or self._kept_end.get(board) != live["ends_at_ms"]:
            self._stay_alive(board, live)
            self._kept_end[board] = live["ends_at_ms"]

    def _every(self, seconds: float) -> bool:
        return self._ticks % int(seconds / TICK_S) == 0

    def _close_at_zero(self, board: str, live: Record) -> None:
        if live["state"] != "running" or not rounds.closes_itself(live):
            return
        deadline = rounds.deadline_ms(live)
        if self._boards.clock.now_ms() > deadline:
            # The operation's id and payload carry the deadline: of several workers one closes, and none after an extension.
            op_id = f"close:{live['id']}:{live['epoch']}:{deadline}"
            self._clock_command(board, "close", live, op_id, deadline_ms=deadline)

    def _release(self, board: str, live: Record) -> None:
        at_once = rounds.is_shown_at_once(live)
        if rounds.is_sealed(live) and live["release"] != "batched" and not at_once:
            return
        urn = self._boards.custody.urn(key_name(board, live))
        if urn is None:
            return
        what = "card" if at_once else ""
        authors = self._boards.read(
            lambda c: urn.ready(c, self._boards.authors_of(c, board), slots_of(live), what)
        )
        if rounds.makes_a_batch(live, authors):
            op_id = f"release:{live['id']}:{live['epoch']}:{live['released']}"
            self._clock_command(board, "release", live, op_id, n=live["released"])

    def _stay_alive(self, board: str, live: Record) -> None:
        if live["state"] == "running":
            now = self._boards.clock.now_ms()
            left = rounds.left_ms(live, now)
            self._boards.commit(lambda c: clocks.keep(c, board, clocks.Clock(live["id"], left, now)))

    def _clock_command(self, board: str, verb: str, round_: Record, op_id: str, **payload: int) -> Answer:
        operation = Operation(
            op_id, f"round.{verb}", {"round": round_["id"], "epoch": round_["epoch"], **payload}
        )
        (answer,) = self._boards.submit_now(board, CLOCK, [operation])
        return answer

    def _beat(self, board: str) -> None:
        moment = self._boards.moment(board)
        for view in self._viewers.views(board):
            beat = {"head": moment.head, "digest": moment.digest.of(view)}
            self._server.emit("heartbeat", beat, to=room(board, view))
