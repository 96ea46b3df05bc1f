"""THE ONE DOOR to every board: submit, catch up, view, and be told of commits.

Operations queue here; one committer per process takes all that is queued, decides each on the newest state (pure rules, on
the event loop), and writes the group in one transaction in a real thread. Nothing is answered or shown before COMMIT.
Knows no SQL (that is `store/`), no rule (`domain/`), no socket (`realtime/`), and no engine: how to start a background
task and how to leave the event loop are given to `start`.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app import replay
from app.clock import Clock
from app.commits import commit_group
from app.domain.changes import Change, projected, visible
from app.domain.errors import Rejected
from app.domain.operations import Actor, Operation
from app.domain.records import State, View, empty_state
from app.moments import (
    Answer,
    Board,
    Committed,
    Moment,
    NoSuchBoard,
    Ready,
    Submission,
    frame,
    ready,
    refusal,
)
from app.store import clocks, log
from app.store import urn as urn_rows
from app.store.database import Database
from app.store.urn import Epoch
from app.urn import KeyLost, KeyName, Keys, mark_of

logger = logging.getLogger("palabre.boards")

T = TypeVar("T")
Reply = Callable[[list[Answer]], None]
SeatsOf = Callable[[Connection, str], Sequence[str]]

MOST_MISSED = 500
# Longer than the pause between two signs of life of whoever holds a key (`tend_keys`).
KEY_HELD_MS = 15_000


class Boards:
    """Every board of this process. Made once, bound by `start`."""

    def __init__(self) -> None:
        self._boards: dict[str, Board] = {}
        self._listeners: list[Callable[[Committed], None]] = []
        self._mourners: list[Callable[[str], None]] = []
        self._waiting: dict[str, None] = {}
        self._committing = False
        self.is_stopping = False
        self._stale: set[str] = set()
        self._lock = threading.RLock()
        self._turn = threading.Lock()
        self._news = threading.Event()
        self._pace_of: Callable[[str], float] = lambda board: 0
        # How often anything but a board's own operations was written by this process.
        self.writes = 0

    def start(
        self,
        *,
        database: Database,
        keys: Keys,
        secret: bytes,
        clock: Clock,
        seats_of: SeatsOf,
        authors_of: SeatsOf | None = None,
        spawn: Callable[[Callable[[], None]], object] = lambda run: run(),
        in_thread: Callable[..., Any] = lambda work, *arguments: work(*arguments),
    ) -> None:
        """Bind the door to its database and clock; and, on a server, to its engine's tasks and threads."""
        self._boards.clear()
        self.database, self.keys, self._secret = database, keys, secret
        self.clock, self.seats_of = clock, seats_of
        self.authors_of = authors_of or seats_of
        self.on_engine(spawn, in_thread)

    def on_engine(self, spawn: Callable[[Callable[[], None]], object], in_thread: Callable[..., Any]) -> None:
        """Use a server's background tasks and real threads from now on."""
        self.spawn, self.in_thread = spawn, in_thread

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        """Call the listener after each commit, before the senders are answered."""
        self._listeners.append(listener)

    def on_pace(self, pace_of: Callable[[str], float]) -> None:
        """Leave a board at least so many seconds between two commits; what comes meanwhile is one group, and one frame."""
        self._pace_of = pace_of

    def on_delete(self, listener: Callable[[str], None]) -> None:
        """Call the listener when a board is gone for good."""
        self._mourners.append(listener)

    # --- reading -------------------------------------------------------------------------------------------------

    def moment(self, board_id: str) -> Moment:
        """The board as committed. Raises: NoSuchBoard."""
        return self._board(board_id).moment

    def view(self, board_id: str, view: Iterable[str]) -> State:
        """What one view sees: table -> id -> record. The same projection as every frame."""
        state = empty_state()
        for _, table, record in visible(self.moment(board_id).state, frozenset(view)):
            state[table][record["id"]] = record
        return state

    def catch_up(self, board_id: str, view: View, head: int, generation: int) -> Ready | None:
        """The one `changes` frame that brings a viewer up to date, or None when nothing is missing.

        Shape: {from, to, reset, generation, changes} as JSON. A reset replaces everything the viewer has.
        """
        board = self._board(board_id)
        now = board.moment
        if generation == now.generation and head == now.head:
            return None
        missed = self._missed(board, now, head) if generation == now.generation else None
        if missed is None:
            return now.first_load(view)
        return ready(frame(head, now, projected(missed, view, now.state)))

    def _missed(self, board: Board, now: Moment, head: int) -> list[Change] | None:
        """The changes after `head`, or None when they are too many or `head` is none of ours."""
        if not 0 < head <= now.head or now.head - head > MOST_MISSED:
            return None
        if board.recent and board.recent[0].seq <= head + 1:
            entries: Iterable[log.Entry] = list(board.recent)
        else:
            entries = self.read(lambda c: log.read(c, board.id, head))
        return log.all_changes(entry for entry in entries if head < entry.seq <= now.head)

    def boards(self) -> list[str]:
        """The ids of all boards in the database."""
        return self.read(log.boards)

    def loaded(self) -> list[str]:
        """The ids of the boards in memory."""
        with self._lock:
            return list(self._boards)

    def log_of(self, board_id: str) -> list[log.Entry]:
        """Every accepted operation, oldest first: for the history of the day."""
        return self.read(lambda c: log.read(c, board_id))

    def urn_count(self, board_id: str, round_id: str, epoch: int) -> tuple[int, int]:
        """How many texts and ballots lie in an urn: for the turnout, which never says who."""
        return self.read(lambda c: urn_rows.count(c, Epoch(board_id, round_id, epoch)))

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do some reading on a connection of its own, off the event loop; a page's work still finds its request there."""
        found: T = self.in_thread(copy_context().run, self.database.read, work)
        return found

    def glance(self, work: Callable[[Connection], T]) -> T:
        """Look something up that a file tells at once; of a database server a real thread asks, and the event loop goes on."""
        return self.database.read(work) if self.database.is_file else self.read(work)

    # --- writing -------------------------------------------------------------------------------------------------

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction of the writer's, off the event loop; callers take turns."""
        try:
            return self.commit(work)
        finally:
            self.writes += 1

    def commit(self, work: Callable[[Connection], T]) -> T:
        """The same for operations, which touch nothing but a board."""
        with self._turn:
            done: T = self.in_thread(self.database.write, work)
        return done

    def truncate_wal(self, *tables: str) -> None:
        """Leave nothing of what was deleted or blanked (from the urns, or from these tables) in the database's files and
        write-ahead log: now, or when the disk and other readers allow it."""
        self._stale |= {*urn_rows.TABLES, *tables}
        self.truncate_if_due()

    def truncate_if_due(self) -> None:
        """What was deleted is gone from the board already; that its bytes are still there must stop nobody's work."""
        if not self._stale:
            return
        with self._turn:
            stale = sorted(self._stale)
            try:
                if self.in_thread(self.database.truncate_wal, stale):
                    self._stale.difference_update(stale)
            except (sqlite3.Error, SQLAlchemyError, OSError) as error:
                logger.error("storage: %s while truncating the write-ahead log", type(error).__name__)

    def create(self, board_id: str) -> None:
        """A new, empty board."""
        self.write(lambda c: log.create(c, board_id))

    def delete(self, board_id: str) -> None:
        """Remove a board and all that is kept of it: a practice board, or the wipe of a workshop."""

        def work(connection: Connection) -> None:
            log.delete(connection, board_id)
            urn_rows.delete(connection, board_id)
            clocks.delete(connection, board_id)

        self.moment(board_id)  # loaded, so that its keys are known
        self.write(work)
        self.truncate_wal(log.TABLE)
        self._mourn(board_id)

    def _mourn(self, board_id: str) -> None:
        """A board is gone for good, by us or another worker: so are its keys, and whoever looks at it hears so."""
        board = self._boards.get(board_id)
        for name in replay.unopened(board_id, board.moment.state) if board else ():
            self.keys.destroy(name)
        self._drop(board_id, "gone")
        for listener in self._mourners:
            listener(board_id)

    def _drop(self, board_id: str, code: str) -> None:
        """Forget a board in memory; whoever still waits there hears so."""
        with self._lock:
            board = self._boards.pop(board_id, None)
            waiting = list(board.queue) if board else []
        for submission in waiting:
            submission.answer(refusal(submission.operation.id, Rejected(code)))

    def submit(self, board_id: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        """Queue operations; `reply` is called once, with one answer for each in their order, after the commit.

        Shape:  {id, seq} | {id, sealed: True} | {id, code, data}.
        Raises: NoSuchBoard.
        """
        if self.is_stopping:
            reply([refusal(operation.id, Rejected("retry")) for operation in operations])
            return
        board = self._board(board_id)
        answers: list[Answer | None] = [None] * len(operations)
        missing = len(operations)

        def answer_to(place: int) -> Callable[[Answer], None]:
            def answer(found: Answer) -> None:
                nonlocal missing
                if answers[place] is not None:
                    return
                answers[place] = found
                missing -= 1
                if missing == 0:
                    reply(answers)  # type: ignore[arg-type]

            return answer

        if not operations:
            reply([])
            return
        received_ms = self.clock.now_ms()
        with self._lock:
            for place, operation in enumerate(operations):
                board.queue.append(Submission(actor, operation, received_ms, answer_to(place)))
            if self._is_busy_with(board_id):
                return
        self.spawn(self._commit_all)

    def _is_busy_with(self, board_id: str) -> bool:
        """Put a board on the committer's list; False when there is no committer to see it yet. Holds the lock."""
        if board_id not in self._waiting:
            self._waiting[board_id] = None
            self._news.set()
        was, self._committing = self._committing, True
        return was

    def submit_now(
        self, board_id: str, actor: Actor, operations: Sequence[Operation | dict[str, Any]]
    ) -> list[Answer]:
        """Submit and wait for the answers."""
        done, answers = threading.Event(), []

        def reply(found: list[Answer]) -> None:
            answers.extend(found)
            done.set()

        ops = [op if isinstance(op, Operation) else Operation(**op) for op in operations]
        self.submit(board_id, actor, ops, reply)
        done.wait()
        return answers

    def follow(self, board_id: str, done: Callable[[], None] = lambda: None) -> None:
        """Have the committer read what other workers wrote to a board; `done` is called then, whatever came of it."""
        with self._lock:
            board = self._boards.get(board_id)
            if board:
                board.followers.append(done)
                if self._is_busy_with(board_id):
                    return
        self.spawn(self._commit_all) if board else done()

    def follow_now(self, board_id: str) -> None:
        """Read what other workers wrote to a board, and wait for it."""
        done = threading.Event()
        self.follow(board_id, done.set)
        done.wait()

    def follow_all(self) -> None:
        """Compare every board with the database: what moved is followed, what is new is loaded, what is gone is mourned."""
        heads = self.read(log.all_heads)
        for board_id, at in heads.items():
            moment = self.moment(board_id)
            if (moment.head, moment.generation) != at and moment.head <= at[0]:
                self.follow(board_id)
        for board_id in set(self.loaded()) - set(heads):
            self.follow(board_id)

    def stop(self, patience_s: float = 5) -> None:
        """Take nothing more (everybody is asked to try again) and wait until what was taken is committed and answered."""
        self.is_stopping = True
        until = time.monotonic() + patience_s
        while self._committing and time.monotonic() < until:
            threading.Event().wait(0.02)

    def _commit_all(self) -> None:
        """The committer: takes what is queued, board by board, until nothing is."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._committing = False
                    return
                board_id, wait_s = self._next_turn()
                self._news.clear()
                if wait_s <= 0:
                    del self._waiting[board_id]
                    board = self._boards.get(board_id)
                    group = list(board.queue) if board else []
                    followers = list(board.followers) if board else []
                    if board:
                        board.queue.clear()
                        board.followers.clear()
            if wait_s > 0:
                self._news.wait(wait_s)
                continue
            if board and (group or followers):
                self._commit_safely(board, group, bool(followers))
                board.rests_until_s = time.monotonic() + self._pace_of(board_id)
            for done in followers:
                done()

    def _next_turn(self) -> tuple[str, float]:
        """The board whose turn comes first, and in how many seconds. Of several whose turn it is, who waits longest."""
        now_s = time.monotonic()
        rests = {
            board_id: self._boards[board_id].rests_until_s
            for board_id in self._waiting
            if board_id in self._boards
        }
        turns = ((max(0.0, rests.get(board_id, 0) - now_s), board_id) for board_id in self._waiting)
        wait_s, board_id = min(turns, key=lambda turn: turn[0])
        return board_id, wait_s

    def _commit_safely(self, board: Board, group: list[Submission], is_behind: bool) -> None:
        """Commit a group; whatever goes wrong, every sender hears of it and the committer lives on."""
        code = "retry"
        try:
            if is_behind:
                replay.follow(self, board)
            commit_group(self, board, group)
            return
        except NoSuchBoard:
            code = "gone"
            self._mourn(board.id)
        except (SQLAlchemyError, OSError) as error:
            # What memory holds stays: the next commit finds out whether the log has moved (`log.fence`).
            logger.error("storage: %s on board %s", type(error).__name__, board.id)
        except Exception:
            logger.exception("a group of %d operations failed on board %s", len(group), board.id)
            # The next reader rebuilds it from the log.
            self._drop(board.id, "retry")
        for waiting in group:
            waiting.answer(refusal(waiting.operation.id, Rejected(code)))

    def _board(self, board_id: str) -> Board:
        with self._lock:
            if board_id not in self._boards:
                self._boards[board_id] = self.read(lambda c: replay.load(c, board_id))
            return self._boards[board_id]

    def op_hash(self, board_id: str, op_id: str) -> bytes:
        """How an operation's id is kept: keyed, so that the id in a browser does not lead to a row without the secret."""
        return hmac.digest(self._secret, f"op|{board_id}|{op_id}".encode(), "sha256")

    def fingerprint(self, operation: Operation) -> bytes:
        """What tells the same operation from another one under the same id."""
        content = orjson.dumps([operation.id, operation.kind, operation.payload], option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._secret, hashlib.sha256(content).digest(), "sha256")[:16]

    def tell(self, committed: Committed) -> None:
        for listener in self._listeners:
            try:
                listener(committed)
            except Exception:
                # What is committed stands: its senders must hear so, whatever a listener makes of it.
                logger.exception("a listener failed on board %s", committed.board)

    # --- the urns' keys ---

    def settle_keys(self) -> list[KeyName]:
        """At start: finish the destructions that a crash interrupted. Returns the keys in force that are lost."""
        lost: list[KeyName] = []

        def in_force() -> set[KeyName]:
            ours = {n for b in self.boards() for n in replay.unopened(b, self.moment(b).state)}
            # What another worker has begun since we loaded the board.
            return ours | {KeyName(row.epoch, row.key) for row in self.read(urn_rows.keys_in_force)}

        for name in self.keys.destroy_all_but(in_force):
            try:
                self._adopt(name, self.find_key(name))
            except KeyLost:
                if not self.is_held_elsewhere(name):
                    lost.append(name)
        self.truncate_wal()
        return lost

    def _adopt(self, name: KeyName, key: bytes) -> None:
        """A key from a release that kept no marks gets one."""
        if self.read(lambda c: urn_rows.key_in_force(c, name.epoch)) is None:
            row = urn_rows.KeyRow(name.epoch, name.key, mark_of(key), self.clock.now_ms())
            self.write(lambda c: urn_rows.put_key(c, row))

    def find_key(self, name: KeyName) -> bytes:
        """A key in force, from wherever it is. Raises: KeyLost."""
        with suppress(KeyLost):
            return self.keys.get(name)
        row = self.read(lambda c: urn_rows.key_in_force(c, name.epoch))
        return self.keys.find(name, row.mark if row else None)

    def is_held_elsewhere(self, name: KeyName) -> bool:
        """Whether a living worker said lately that it has this key: then it is not lost, only not here yet."""
        if self.database.is_file:
            return False
        row = self.read(lambda c: urn_rows.key_in_force(c, name.epoch))
        return row is not None and self.clock.now_ms() - row.held_at_ms < KEY_HELD_MS

    def tend_keys(self) -> None:
        """Every few seconds, of several workers: say which keys we hold, put them back where they are gone, fetch what we lack."""
        # Before we ask what is in force: a key that begins meanwhile must not look destroyed.
        held = self.keys.held()
        in_force = {KeyName(row.epoch, row.key): row for row in self.read(urn_rows.keys_in_force)}
        for name in held - set(in_force):
            self.keys.destroy(name)
        for name in set(in_force) - held:
            with suppress(KeyLost):
                self.keys.find(name, in_force[name].mark)
        ours = sorted(self.keys.held() & set(in_force), key=lambda name: name.file)
        for name in ours:
            self.keys.keep(name)
        self.keys.withdraw_all_but(set(in_force))
        if ours:
            now_ms = self.clock.now_ms()
            self.write(lambda c: urn_rows.still_held(c, [name.epoch for name in ours], now_ms))


# The one everybody uses; a test may make its own.
boards = Boards()
