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
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection

from app.clock import Clock
from app.commits import commit_group
from app.domain.changes import Change, applied, projected, visible
from app.domain.digest import Digest
from app.domain.errors import Rejected
from app.domain.operations import Actor, Operation
from app.domain.records import State, View, empty_state
from app.moments import (
    Answer,
    Board,
    Committed,
    Known,
    Moment,
    NoSuchBoard,
    Submission,
    frame,
    key_name,
    refusal,
)
from app.store import clocks, log
from app.store import urn as urn_rows
from app.store.database import Database
from app.store.urn import Epoch
from app.urn import KeyName, Keys

logger = logging.getLogger("palabre.boards")

T = TypeVar("T")
Reply = Callable[[list[Answer]], None]
SeatsOf = Callable[[Connection, str], Sequence[str]]

RECENT_ENTRIES = 2000
MOST_MISSED = 500
UNOPENED = ("running", "paused", "closed")


class Boards:
    """Every board of this process. Made once, bound by `start`."""

    def __init__(self) -> None:
        self._boards: dict[str, Board] = {}
        self._listeners: list[Callable[[Committed], None]] = []
        self._mourners: list[Callable[[str], None]] = []
        self._waiting: deque[str] = deque()
        self._committing = False
        self._lock = threading.RLock()
        self._turn = threading.Lock()

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

    def catch_up(self, board_id: str, view: View, head: int, generation: int) -> dict[str, Any] | None:
        """The one `changes` frame that brings a viewer up to date, or None when nothing is missing.

        Shape: {from, to, reset, generation, changes}. A reset replaces everything the viewer has.
        """
        board = self._board(board_id)
        now = board.moment
        if generation == now.generation and head == now.head:
            return None
        missed = self._missed(board, now, head) if generation == now.generation else None
        if missed is None:
            return frame(0, now, visible(now.state, view), reset=True)
        return frame(head, now, projected(missed, view, now.state))

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
        """Do some reading on a connection of its own, off the event loop."""
        found: T = self.in_thread(self.database.read, work)
        return found

    # --- writing -------------------------------------------------------------------------------------------------

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction of the writer's, off the event loop; callers take turns."""
        with self._turn:
            done: T = self.in_thread(self.database.write, work)
        return done

    def truncate_wal(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log."""
        with self._turn:
            self.in_thread(self.database.truncate_wal)

    def create(self, board_id: str) -> None:
        """A new, empty board."""
        self.write(lambda c: log.create(c, board_id))

    def delete(self, board_id: str) -> None:
        """Remove a board and all that is kept of it: a practice board, or the wipe of a workshop."""

        def work(connection: Connection) -> None:
            log.delete(connection, board_id)
            urn_rows.delete(connection, board_id)
            clocks.delete(connection, board_id)

        keys = self.keys_in_force(board_id)
        self.write(work)
        for name in keys:
            self.keys.destroy(name)
        self.truncate_wal()
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
            self._waiting.append(board_id)
            if self._committing:
                return
            self._committing = True
        self.spawn(self._commit_all)

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

    def _commit_all(self) -> None:
        """The committer: takes what is queued, board by board, until nothing is."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._committing = False
                    return
                board = self._boards.get(self._waiting.popleft())
                group = list(board.queue) if board else []
                if board:
                    board.queue.clear()
            if board and group:
                self._commit_safely(board, group)

    def _commit_safely(self, board: Board, group: list[Submission]) -> None:
        """Commit a group; whatever goes wrong, every sender hears of it and the committer lives on."""
        try:
            commit_group(self, board, group)
        except Exception:
            logger.exception("a group of %d operations failed on board %s", len(group), board.id)
            # The next reader rebuilds it from the log, when the log can be read again.
            self._drop(board.id, "retry")
            for waiting in group:
                waiting.answer(refusal(waiting.operation.id, Rejected("retry")))

    def reload(self, board_id: str) -> None:
        """Drop what memory holds of a board, so that the next reader rebuilds it from the log; the queue stays."""
        with self._lock:
            board = self._boards.get(board_id)
            if board:
                fresh = self._load(board_id)
                board.moment, board.recent, board.known = fresh.moment, fresh.recent, fresh.known

    def _board(self, board_id: str) -> Board:
        with self._lock:
            if board_id not in self._boards:
                self._boards[board_id] = self._load(board_id)
            return self._boards[board_id]

    def _load(self, board_id: str) -> Board:
        def work(
            connection: Connection,
        ) -> tuple[tuple[int, int] | None, list[log.Entry], dict[bytes, bytes]]:
            return (
                log.head_of(connection, board_id),
                log.read(connection, board_id),
                urn_rows.known(connection, board_id),
            )

        found, entries, dropped = self.read(work)
        if found is None:
            raise NoSuchBoard(board_id)
        head, generation = found
        state = applied(empty_state(), log.all_changes(entries))
        known: Known = {h: (mark, None) for h, mark in dropped.items()}
        known |= {entry.op_hash: (entry.fingerprint, entry.seq) for entry in entries}
        moment = Moment(head, generation, state, Digest.of_state(state))
        return Board(board_id, moment, deque(entries[-RECENT_ENTRIES:], RECENT_ENTRIES), known)

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

    def keys_in_force(self, board_id: str) -> list[KeyName]:
        """The keys of the urns that are not opened yet."""
        return [
            key_name(board_id, round_)
            for round_ in self.moment(board_id).state["rounds"].values()
            if round_["epoch"] and round_["state"] in UNOPENED
        ]


# The one everybody uses; a test may make its own.
boards = Boards()
