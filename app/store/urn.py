"""The urn's rows: texts and ballots under keyed tags, and the hashed ids of what was dropped. No seat, no time, no order.

Tables without rowid: rows lie in the order of their random-looking keys, so the file does not tell what came first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.elements import ColumnElement

from app.extensions import db

IN, WITHDRAWN, RELEASED = "in", "withdrawn", "released"


def _of_epoch() -> list[sa.Column[Any]]:
    return [
        sa.Column("board", sa.String(32), primary_key=True),
        sa.Column("round", sa.String(64), primary_key=True),
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
    ]


texts = db.Table(
    "urn_texts",
    *_of_epoch(),
    sa.Column("what", sa.String(8), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.UniqueConstraint("board", "round", "epoch", "secret_hash", name="uq_urn_texts_secret"),
    sqlite_with_rowid=False,
)

ballots = db.Table(
    "urn_ballots",
    *_of_epoch(),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

dropped = db.Table(
    "urn_ops",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("op_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary(16), nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Epoch:
    """Which urn: one board, one round, one epoch."""

    board: str
    round: str
    epoch: int

    def of(self, table: sa.Table) -> ColumnElement[bool]:
        return sa.and_(table.c.board == self.board, table.c.round == self.round, table.c.epoch == self.epoch)

    def values(self) -> dict[str, Any]:
        return {"board": self.board, "round": self.round, "epoch": self.epoch}


@dataclass(frozen=True, slots=True)
class TextRow:
    key: bytes
    what: str
    body: dict[str, Any]
    revision: int
    state: str


def _text_row(row: Any) -> TextRow:
    return TextRow(row.key, row.what, orjson.loads(row.body), row.revision, row.state)


def texts_at(connection: Connection, epoch: Epoch, keys: list[bytes]) -> dict[bytes, TextRow]:
    """The rows that exist among these keys."""
    rows = connection.execute(sa.select(texts).where(epoch.of(texts), texts.c.key.in_(keys)))
    return {row.key: _text_row(row) for row in rows}


def text_by_secret(connection: Connection, epoch: Epoch, secret_hash: bytes) -> TextRow | None:
    row = connection.execute(
        sa.select(texts).where(epoch.of(texts), texts.c.secret_hash == secret_hash)
    ).first()
    return _text_row(row) if row else None


def put_text(
    connection: Connection, epoch: Epoch, key: bytes, what: str, body: dict[str, Any], secret_hash: bytes
) -> None:
    """A new text in a free slot; a withdrawn one gives its slot up."""
    connection.execute(texts.delete().where(epoch.of(texts), texts.c.key == key))
    connection.execute(
        texts.insert().values(
            **epoch.values(),
            key=key,
            what=what,
            body=orjson.dumps(body),
            secret_hash=secret_hash,
            revision=1,
            state=IN,
        )
    )


def alter_text(
    connection: Connection, epoch: Epoch, row: TextRow, revision: int, body: dict[str, Any], state: str
) -> None:
    connection.execute(
        texts.update()
        .where(epoch.of(texts), texts.c.key == row.key)
        .values(revision=revision, body=orjson.dumps(body), state=state)
    )


def rekey_text(connection: Connection, epoch: Epoch, row: TextRow, key: bytes) -> None:
    connection.execute(texts.update().where(epoch.of(texts), texts.c.key == row.key).values(key=key))


def all_texts(connection: Connection, epoch: Epoch) -> list[TextRow]:
    return [_text_row(row) for row in connection.execute(sa.select(texts).where(epoch.of(texts)))]


def put_ballot(connection: Connection, epoch: Epoch, key: bytes, revision: int, sealed: bytes) -> int | None:
    """Keep a ballot, or replace an older one of the same seat.

    Returns None when it was kept, else the revision that stands in its way: a newer ballot, or one of the same revision
    from another device.
    """
    of_seat = sa.and_(epoch.of(ballots), ballots.c.key == key)
    there = connection.execute(sa.select(ballots.c.revision).where(of_seat)).scalar()
    if there is None:
        connection.execute(
            ballots.insert().values(**epoch.values(), key=key, revision=revision, sealed=sealed)
        )
    elif there < revision:
        connection.execute(ballots.update().where(of_seat).values(revision=revision, sealed=sealed))
    else:
        return int(there)
    return None


def all_ballots(connection: Connection, epoch: Epoch) -> list[tuple[bytes, bytes]]:
    """(key, sealed) of every ballot."""
    rows = connection.execute(sa.select(ballots.c.key, ballots.c.sealed).where(epoch.of(ballots)))
    return [(row.key, row.sealed) for row in rows]


def void_ballots(connection: Connection, epoch: Epoch) -> None:
    connection.execute(ballots.delete().where(epoch.of(ballots)))


def count(connection: Connection, epoch: Epoch) -> tuple[int, int]:
    """How many texts lie in the urn, and how many ballots."""
    in_urn = sa.select(sa.func.count()).select_from(texts).where(epoch.of(texts), texts.c.state == IN)
    cast = sa.select(sa.func.count()).select_from(ballots).where(epoch.of(ballots))
    return connection.execute(in_urn).scalar_one(), connection.execute(cast).scalar_one()


def empty(connection: Connection, epoch: Epoch) -> None:
    """Delete everything of the epoch; the hashed op ids stay until the workshop ends."""
    connection.execute(texts.delete().where(epoch.of(texts)))
    connection.execute(ballots.delete().where(epoch.of(ballots)))


def known(connection: Connection, board: str) -> dict[bytes, bytes]:
    """op hash -> fingerprint of everything ever dropped on this board."""
    rows = connection.execute(
        sa.select(dropped.c.op_hash, dropped.c.fingerprint).where(dropped.c.board == board)
    )
    return {row.op_hash: row.fingerprint for row in rows}


def are_known(connection: Connection, board: str, op_hashes: list[bytes]) -> bool:
    """Whether one of these operations was dropped on this board before, by whichever worker."""
    if not op_hashes:
        return False
    found = sa.select(dropped.c.board).where(dropped.c.board == board, dropped.c.op_hash.in_(op_hashes))
    return connection.execute(found).first() is not None


def remember(connection: Connection, board: str, op_hash: bytes, fingerprint: bytes) -> None:
    connection.execute(dropped.insert().values(board=board, op_hash=op_hash, fingerprint=fingerprint))


def delete(connection: Connection, board: str) -> None:
    for table in (texts, ballots, dropped):
        connection.execute(table.delete().where(table.c.board == board))
