"""A board rebuilt from its log, and brought up to date with what other workers wrote.

Following is the committer's work alone, so a board's moment has one author at a time.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.domain.changes import applied
from app.domain.digest import Digest
from app.domain.records import State, empty_state
from app.domain.rounds import UNOPENED
from app.moments import Board, Committed, Known, Moment, NoSuchBoard, key_name
from app.store import log
from app.store import urn as urn_rows
from app.urn.keys import KeyName

if TYPE_CHECKING:
    from app.boards import Boards

RECENT_ENTRIES = 2000


def load(connection: Connection, board_id: str) -> Board:
    """The whole board. Raises: NoSuchBoard."""
    head, generation = _head(connection, board_id)
    entries = log.read(connection, board_id)
    state = applied(empty_state(), log.all_changes(entries))
    known: Known = {h: (mark, None) for h, mark in urn_rows.known(connection, board_id).items()}
    known |= _known(entries)
    moment = Moment(head, generation, state, Digest.of_state(state))
    recent = deque(entries[-RECENT_ENTRIES:], RECENT_ENTRIES)
    return Board(board_id, moment, recent, known, log_bytes=sum(entry.size_bytes for entry in entries))


def _head(connection: Connection, board_id: str) -> tuple[int, int]:
    found = log.head_of(connection, board_id)
    if found is None:
        raise NoSuchBoard(board_id)
    return found


def _known(entries: list[log.Entry]) -> Known:
    return {entry.op_hash: (entry.fingerprint, entry.seq) for entry in entries}


def follow(boards: Boards, board: Board) -> None:
    """Read what is new in a board's log, make it the board's moment, and tell the listeners. Raises: NoSuchBoard."""
    start = board.moment

    def work(connection: Connection) -> list[log.Entry] | Board:
        head, generation = _head(connection, board.id)
        if generation != start.generation:
            return load(connection, board.id)
        return log.read(connection, board.id, start.head) if head != start.head else []

    found = boards.read(work)
    if isinstance(found, Board):
        # Whoever looks at it hears of the other generation at the next heartbeat, and begins anew.
        board.moment, board.recent, board.known = found.moment, found.recent, found.known
        board.log_bytes = found.log_bytes
    elif found:
        changes = log.all_changes(found)
        state = applied(start.state, changes)
        digest = start.digest.moved(start.state, state, changes)
        board.known.update(_known(found))
        board.recent.extend(found)
        board.log_bytes += sum(entry.size_bytes for entry in found)
        board.moment = Moment(found[-1].seq, start.generation, state, digest)
        boards.tell(Committed(board.id, start.head, board.moment, changes, is_ours=False))
    # Opened by another worker: what we hold of its key goes too.
    boards.custody.destroy(unopened(board.id, start.state) - unopened(board.id, board.moment.state))


def unopened(board_id: str, state: State) -> set[KeyName]:
    """The keys of the urns that are not opened yet."""
    return {
        key_name(board_id, round_)
        for round_ in state["rounds"].values()
        if round_["epoch"] and round_["state"] in UNOPENED
    }
