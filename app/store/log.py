"""The log: a board's accepted operations with their changes, and its head. The truth; all else is rebuilt from it.

A row names a person and a time only for staff: a participant's operation leaves neither, and its id only as a keyed hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from app.domain.changes import Change
from app.extensions import db

heads = db.Table(
    "heads",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("head", sa.Integer, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

log = db.Table(
    "log",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("op_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("fingerprint", sa.LargeBinary(16), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("person", sa.String(32)),
    sa.Column("at_ms", sa.BigInteger),
    sa.Column("changes", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("board", "op_hash", name="uq_log_op"),
    sqlite_with_rowid=False,
)


class HeadMoved(Exception):
    """Another worker wrote to the board first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted operation. Units: `at_ms` UTC milliseconds, of staff and of a round's own clock; `person` of staff only."""

    seq: int
    op_hash: bytes
    fingerprint: bytes
    kind: str
    changes: Sequence[Change]
    person: str | None = None
    at_ms: int | None = None


def create(connection: Connection, board: str) -> None:
    connection.execute(heads.insert().values(board=board, head=0, generation=1))


def head_of(connection: Connection, board: str) -> tuple[int, int] | None:
    """(head, generation), or None when there is no such board."""
    row = connection.execute(
        sa.select(heads.c.head, heads.c.generation).where(heads.c.board == board)
    ).first()
    return (row.head, row.generation) if row else None


def boards(connection: Connection) -> list[str]:
    return list(connection.execute(sa.select(heads.c.board)).scalars())


def append(connection: Connection, board: str, head: int, entries: Sequence[Entry]) -> None:
    """Add entries whose sequence numbers follow `head`. Raises: HeadMoved when the board is not at `head`."""
    moved = connection.execute(
        heads.update().where(heads.c.board == board, heads.c.head == head).values(head=entries[-1].seq)
    )
    if moved.rowcount != 1:
        raise HeadMoved
    connection.execute(log.insert(), [_row(board, entry) for entry in entries])


def read(connection: Connection, board: str, after: int = 0) -> list[Entry]:
    """The entries after a sequence number, oldest first."""
    rows = connection.execute(
        sa.select(log).where(log.c.board == board, log.c.seq > after).order_by(log.c.seq)
    )
    return [_entry(row) for row in rows]


def delete(connection: Connection, board: str) -> None:
    """Remove a board's log entirely: practice boards, and the wipe of a workshop."""
    connection.execute(log.delete().where(log.c.board == board))
    connection.execute(heads.delete().where(heads.c.board == board))


def _row(board: str, entry: Entry) -> dict[str, Any]:
    return {
        "board": board,
        "seq": entry.seq,
        "op_hash": entry.op_hash,
        "fingerprint": entry.fingerprint,
        "kind": entry.kind,
        "person": entry.person,
        "at_ms": entry.at_ms,
        "changes": orjson.dumps([change.to_json() for change in entry.changes]),
    }


def _entry(row: Any) -> Entry:
    return Entry(
        row.seq,
        row.op_hash,
        row.fingerprint,
        row.kind,
        [Change.from_json(stored) for stored in orjson.loads(row.changes)],
        row.person,
        row.at_ms,
    )


def all_changes(entries: Iterable[Entry]) -> list[Change]:
    return [change for entry in entries for change in entry.changes]
