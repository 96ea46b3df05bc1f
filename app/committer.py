"""The committer: what senders want is queued here, and committed board by board; what other workers wrote is read in between.

One task per process. It ends when nothing is queued, and the next sender starts it again. Nothing that fails on its way, a
database, a rule, a listener or a sender, may keep it from the other boards. What becomes of a group is decided in `commits.py`.
Used by `boards.py` alone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from app import replay
from app.commits import commit_group
from app.domain.errors import Rejected
from app.domain.operations import Actor, Operation
from app.moments import Answer, Board, NoSuchBoard, Submission, refusal
from app.shelf import Shelf

if TYPE_CHECKING:
    from app.boards import Boards

logger = logging.getLogger("palabre.boards")

Reply = Callable[[list[Answer]], None]


class Committer:
    """The queue of every board, and who works it off."""

    def __init__(self, boards: Boards, shelf: Shelf) -> None:
        self._boards, self._shelf = boards, shelf
        self._waiting: dict[str, None] = {}
        self._committing = False
        # The board whose group is being committed.
        self._at: str | None = None
        self._news = threading.Event()
        self.pace_of: Callable[[str], float] = lambda board: 0
        self.is_stopping = False

    def submit(self, board_id: str, actor: Actor, operations: Sequence[Operation], reply: Reply) -> None:
        """Queue operations; `reply` is called once, with one answer for each in their order, after the commit.

        Shape:  {id, seq} | {id, sealed: True} | {id, code, data}.
        Raises: NoSuchBoard.
        """
        if self.is_stopping:
            reply([refusal(operation.id, Rejected("retry")) for operation in operations])
            return
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
                    safely(reply, answers)

            return answer

        board = self._shelf.board(board_id)
        if not operations:
            reply([])
            return
        received_ms = self._boards.clock.now_ms()
        group = [
            Submission(actor, operation, received_ms, answer_to(place))
            for place, operation in enumerate(operations)
        ]
        while not self._queue(board, group):
            board = self._shelf.board(board_id)

    def _queue(self, board: Board, group: list[Submission]) -> bool:
        """Have the committer take a group; False when the board was dropped since: what lies in its queue is nobody's to take."""
        with self._shelf.lock:
            if not self._shelf.has(board):
                return False
            board.queue.extend(group)
            is_busy = self._is_busy_with(board.id)
        if not is_busy:
            self._start()
        return True

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
        with self._shelf.lock:
            board = self._shelf.get(board_id)
            if board:
                board.followers.append(done)
                if self._is_busy_with(board_id):
                    return
        self._start() if board else done()

    def follow_now(self, board_id: str) -> None:
        """Read what other workers wrote to a board, and wait for it."""
        done = threading.Event()
        self.follow(board_id, done.set)
        done.wait()

    def stop(self, patience_s: float = 5) -> None:
        """Take nothing more (everybody is asked to try again) and wait until what was taken is committed and answered."""
        self.is_stopping = True
        until = time.monotonic() + patience_s
        while self._committing and time.monotonic() < until:
            threading.Event().wait(0.02)

    def _start(self) -> None:
        with self._ending():
            self._boards.spawn(self._commit_all)

    def _commit_all(self) -> None:
        """The committer: takes what is queued, board by board, until nothing is."""
        with self._ending():
            while self._commit_next():
                pass

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """A committer that cannot go on is none: else nobody would ever start another."""
        try:
            yield
        except BaseException:
            with self._shelf.lock:
                self._committing = False
            raise

    def _commit_next(self) -> bool:
        """Take and commit one board's group, or wait for its turn; False when nothing is queued, and the committer ends."""
        with self._shelf.lock:
            self._at = None
            if not self._waiting:
                self._committing = False
                return False
            board_id, wait_s = self._next_turn()
            self._news.clear()
            if wait_s <= 0:
                del self._waiting[board_id]
                self._at = board_id
                board = self._shelf.get(board_id)
                group = list(board.queue) if board else []
                followers = list(board.followers) if board else []
                if board:
                    board.queue.clear()
                    board.followers.clear()
        if wait_s > 0:
            self._news.wait(wait_s)
            return True
        if board and (group or followers):
            self._commit_safely(board, group, bool(followers))
        for done in followers:
            safely(done)
        return True

    def _next_turn(self) -> tuple[str, float]:
        """The board whose turn comes first, and in how many seconds. Of several whose turn it is, who waits longest."""
        now_s = time.monotonic()
        turns = ((self._rests_s(board_id, now_s), board_id) for board_id in self._waiting)
        wait_s, board_id = min(turns, key=lambda turn: turn[0])
        return board_id, wait_s

    def _rests_s(self, board_id: str, now_s: float) -> float:
        board = self._shelf.get(board_id)
        return max(0.0, board.rests_until_s - now_s) if board else 0.0

    def _commit_safely(self, board: Board, group: list[Submission], is_behind: bool) -> None:
        """Commit a group; whatever goes wrong, every sender hears of it and the committer lives on."""
        code = "retry"
        try:
            board.pace(time.monotonic(), self.pace_of(board.id), len(group))
            if is_behind:
                replay.follow(self._boards, board)
            commit_group(self._boards, board, group)
            return
        except NoSuchBoard:
            code = "gone"
            self._boards.mourn(board.id)
        except (SQLAlchemyError, OSError) as error:
            # What memory holds stays: the next commit finds out whether the log has moved (`log.fence`).
            logger.error("storage: %s on board %s", type(error).__name__, board.id)
        except Exception:
            logger.exception("a group of %d operations failed on board %s", len(group), board.id)
            # The next reader rebuilds it from the log.
            self.drop(board.id, "retry")
        for waiting in group:
            waiting.answer(refusal(waiting.operation.id, Rejected(code)))

    def drop(self, board_id: str, code: str) -> None:
        """Have a board no longer in memory; whoever still waits there hears so."""
        board = self._shelf.drop(board_id)
        if board is None:
            return
        for submission in board.queue:
            submission.answer(refusal(submission.operation.id, Rejected(code)))
        for done in board.followers:
            safely(done)

    def is_at_rest(self, board: Board) -> bool:
        """Whether nothing of a board is queued or under way. Holds the lock."""
        return not (board.queue or board.followers or board.id in self._waiting or board.id == self._at)


def safely(listener: Callable[..., object], *news: object) -> None:
    """Call whoever waits for something. What is committed stands, and others wait too, whatever a listener makes of it."""
    try:
        listener(*news)
    except Exception:
        logger.exception("a listener failed")
