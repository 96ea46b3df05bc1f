"""THE ONE DOOR to every board: submit, catch up, view, and be told of commits.

The committer behind it (`committer.py`) takes all that is queued, decides each on the newest state (pure rules, on the event
loop), and writes the group in one transaction in a real thread. Nothing is answered or shown before COMMIT. The boards in
memory are on the shelf (`shelf.py`), the keys of their urns in custody (`custody.py`).
Knows no SQL (that is `store/`), no rule (`domain/`), no socket (`realtime/`), and no engine: how to start a background
task and how to leave the event loop are given to `start`.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app import replay
from app.clock import Clock
from app.committer import Committer, safely
from app.custody import KeyCustody
from app.domain.changes import Change, projected
from app.domain.operations import Operation
from app.domain.records import State, View, visible_to
from app.moments import Board, Committed, Moment, NoSuchBoard, Ready, frame, ready
from app.shelf import Shelf
from app.store import clocks, log
from app.store import urn as urn_rows
from app.store.database import Database
from app.store.urn import Epoch
from app.urn.keys import KeyName, Keys

logger = logging.getLogger("palabre.boards")

T = TypeVar("T")
SeatsOf = Callable[[Connection, str], Sequence[str]]

MOST_MISSED = 500


class Boards:
    """Every board of this process. Made once, bound by `start`."""

    def __init__(self) -> None:
        self._shelf = Shelf(lambda board_id: self.read(lambda c: replay.load(c, board_id)))
        self._committer = Committer(self, self._shelf)
        # What is sent to a board, and what other workers wrote to it, goes through the committer.
        self.submit, self.submit_now = self._committer.submit, self._committer.submit_now
        self.follow, self.follow_now = self._committer.follow, self._committer.follow_now
        self.stop = self._committer.stop
        self._listeners: list[Callable[[Committed], None]] = []
        self._mourners: list[Callable[[str], None]] = []
        self._stale: set[str] = set()
        self._turn = threading.Lock()
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
        self._shelf.clear()
        self.database, self._secret = database, secret
        self.clock, self.seats_of = clock, seats_of
        self.custody = KeyCustody(keys, clock, self.read, self.write, is_alone=database.is_file)
        self.authors_of = authors_of or seats_of
        self.on_engine(spawn, in_thread)

    @property
    def is_stopping(self) -> bool:
        """Whether nothing more is taken, because the process is about to end."""
        return self._committer.is_stopping

    def on_engine(self, spawn: Callable[[Callable[[], None]], object], in_thread: Callable[..., Any]) -> None:
        """Use a server's background tasks and real threads from now on."""
        self.spawn, self.in_thread = spawn, in_thread

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        """Call the listener after each commit, before the senders are answered."""
        self._listeners.append(listener)

    def on_pace(self, pace_of: Callable[[str], float]) -> None:
        """Leave a board at least so many seconds between two commits; what comes meanwhile is one group, and one frame."""
        self._committer.pace_of = pace_of

    def on_delete(self, listener: Callable[[str], None]) -> None:
        """Call the listener when a board is gone for good."""
        self._mourners.append(listener)

    # --- reading -------------------------------------------------------------------------------------------------

    def moment(self, board_id: str) -> Moment:
        """The board as committed. Raises: NoSuchBoard."""
        return self._shelf.board(board_id).moment

    def view(self, board_id: str, view: Iterable[str]) -> State:
        """What one view sees: table -> id -> record. The same projection as every frame."""
        return visible_to(self.moment(board_id).state, frozenset(view))

    def catch_up(self, board_id: str, view: View, head: int, generation: int) -> Ready | None:
        """The one `changes` frame that brings a viewer up to date, or None when nothing is missing.

        Shape: {from, to, reset, generation, changes} as JSON. A reset replaces everything the viewer has.
        """
        board = self._shelf.board(board_id)
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
        return self._shelf.loaded()

    def let_go(self, board_id: str) -> bool:
        """Do without a board in memory until somebody asks for it; False while something of it is under way.

        Which boards may go is for the caller to know: nobody looks at it, and the clock has nothing to do there.
        """
        with self._shelf.lock:
            board = self._shelf.get(board_id)
            if board is None or not self._committer.is_at_rest(board):
                return False
            self._shelf.rest(board_id, (board.moment.head, board.moment.generation))
        return True

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

        # Of a board that cannot be read, the database alone knows the keys.
        keys = self.custody.of(board_id)
        self._readable(board_id)
        self.write(work)
        self.custody.destroy(keys)
        self.truncate_wal(log.TABLE)
        self.mourn(board_id)

    def follow_all(self) -> None:
        """Compare every board with the database: what moved is followed, what is new is loaded, what is gone is mourned."""
        heads = self.read(log.all_heads)
        for board_id, at in self._shelf.moved(heads).items():
            moment = self._readable(board_id)
            if moment is None:
                self._shelf.rest(board_id, at)
            elif (moment.head, moment.generation) != at and moment.head <= at[0]:
                self.follow(board_id)
        for board_id in set(self.loaded()) - set(heads):
            self.follow(board_id)

    def settle_keys(self) -> list[KeyName]:
        """At start: finish the destructions that a crash interrupted. Returns the keys in force that are lost."""
        lost = self.custody.settle(self._unopened)
        self.truncate_wal()
        return lost

    def _unopened(self) -> set[KeyName]:
        """The keys of all urns that are not opened yet; of a board that cannot be read, the database alone knows them."""
        found = {board: self._readable(board) for board in self.boards()}
        return {n for board, now in found.items() if now for n in replay.unopened(board, now.state)}

    def _readable(self, board_id: str) -> Moment | None:
        """A board as committed; None when it is gone, or nothing can be made of its log: the others must not suffer from it.

        Raises: SQLAlchemyError, OSError when the database is away.
        """
        try:
            return self.moment(board_id)
        except NoSuchBoard:
            pass
        except (SQLAlchemyError, OSError):
            raise
        except Exception:
            logger.exception("board %s cannot be read", board_id)
        return None

    # --- what the committer asks ---------------------------------------------------------------------------------

    def mourn(self, board_id: str) -> None:
        """A board is gone for good, by us or another worker: so are its keys, and whoever looks at it hears so."""
        board = self._shelf.get(board_id)
        self.custody.destroy(replay.unopened(board_id, board.moment.state) if board else ())
        self._committer.drop(board_id, "gone")
        for listener in self._mourners:
            safely(listener, board_id)

    def op_hash(self, board_id: str, op_id: str) -> bytes:
        """How an operation's id is kept: keyed, so that the id in a browser does not lead to a row without the secret."""
        return hmac.digest(self._secret, f"op|{board_id}|{op_id}".encode(), "sha256")

    def fingerprint(self, operation: Operation) -> bytes:
        """What tells the same operation from another one under the same id."""
        content = orjson.dumps([operation.id, operation.kind, operation.payload], option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._secret, hashlib.sha256(content).digest(), "sha256")[:16]

    def tell(self, committed: Committed) -> None:
        """Tell the listeners of a commit."""
        for listener in self._listeners:
            safely(listener, committed)


# The one everybody uses; a test may make its own.
boards = Boards()
