"""The log: a board's accepted operations with their changes, and its head. The truth; all else is rebuilt from it.

A row names a person and a time only for staff: a participant's operation leaves neither, and its id only as a keyed hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from app.domain.changes import Change
from app.domain.operations import Erasure
from app.extensions import db
from app.store.database import Overtaken

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


# Built once: building a statement costs as much as running it.
_MOVE = (
    heads.update()
    .where(heads.c.board == sa.bindparam("of"), heads.c.head == sa.bindparam("was"))
    .values(head=sa.bindparam("now"))
)
_ADD = log.insert()
_HEAD = sa.select(heads.c.head, heads.c.generation).where(heads.c.board == sa.bindparam("of"))
_FENCE = {alone: _HEAD.with_for_update(read=not alone) for alone in (True, False)}


class HeadMoved(Overtaken):
    """Another worker wrote to the board first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted operation.

    Units: `at_ms` UTC milliseconds, of staff and of a round's own clock; `person` of staff only; `size_bytes` what the changes
           take, known once it was read.
    """

    seq: int
    op_hash: bytes
    fingerprint: bytes
    kind: str
    changes: Sequence[Change]
    person: str | None = None
    at_ms: int | None = None
    size_bytes: int = field(default=0, compare=False)


def create(connection: Connection, board: str) -> None:
    connection.execute(heads.insert().values(board=board, head=0, generation=1))


def restore(connection: Connection, board: str, entries: Sequence[Entry], generation: int) -> None:
    """A board with a whole log from elsewhere, in a generation of its own: no replica takes it for what it had."""
    connection.execute(heads.insert().values(board=board, head=0, generation=generation))
    append(connection, board, 0, entries)


def head_of(connection: Connection, board: str) -> tuple[int, int] | None:
    """(head, generation), or None when there is no such board."""
    row = connection.execute(_HEAD, {"of": board}).first()
    return (row.head, row.generation) if row else None


def boards(connection: Connection) -> list[str]:
    return list(connection.execute(sa.select(heads.c.board)).scalars())


def all_heads(connection: Connection) -> dict[str, tuple[int, int]]:
    """Board -> (head, generation): what a worker compares with what it knows."""
    rows = connection.execute(sa.select(heads.c.board, heads.c.head, heads.c.generation))
    return {row.board: (row.head, row.generation) for row in rows}


def fence(connection: Connection, board: str, at: tuple[int, int], *, alone: bool) -> None:
    """Hold the board's row until the transaction ends, and make sure that it is where we think: (head, generation).

    Alone keeps every other writer out; else those who only drop into an urn go on beside us, and whoever opens it waits.
    (SQLite has one writer anyway: BEGIN IMMEDIATE.) Raises: HeadMoved.
    """
    row = connection.execute(_FENCE[alone], {"of": board}).first()
    if row is None or (row.head, row.generation) != at:
        raise HeadMoved


def append(connection: Connection, board: str, head: int, entries: Sequence[Entry]) -> int:
    """Add entries whose sequence numbers follow `head`. Returns how many bytes their changes take.

    Raises: HeadMoved when the board is not at `head`.
    """
    moved = connection.execute(_MOVE, {"of": board, "was": head, "now": entries[-1].seq})
    if moved.rowcount != 1:
        raise HeadMoved
    rows = [_row(board, entry) for entry in entries]
    connection.execute(_ADD, rows)
    return sum(len(row["changes"]) for row in rows)


TABLE = log.name


def passed_over(entry: Entry, erasure: Erasure) -> Entry:
    person = erasure.person if erasure.person and entry.person else entry.person
    return replace(entry, changes=[erasure.blanked(change) for change in entry.changes], person=person)


def rewrite(connection: Connection, board: str, erasure: Erasure) -> None:
    """Pass over every entry of a board's log, and begin a new generation: no replica keeps what it had.

    An entry that stays as it is is not touched.
    """
    for entry in read(connection, board):
        altered = passed_over(entry, erasure)
        if altered != entry:
            of_entry = sa.and_(log.c.board == board, log.c.seq == entry.seq)
            row = _row(board, altered)
            connection.execute(
                log.update().where(of_entry).values(changes=row["changes"], person=row["person"])
            )
    connection.execute(heads.update().where(heads.c.board == board).values(generation=heads.c.generation + 1))


def new_generation(connection: Connection) -> None:
    """Have every replica of every board begin anew: after a restore, an old head may mean something else."""
    connection.execute(heads.update().values(generation=heads.c.generation + 1))


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
        len(row.changes),
    )


def all_changes(entries: Iterable[Entry]) -> list[Change]:
    return [change for entry in entries for change in entry.changes]
