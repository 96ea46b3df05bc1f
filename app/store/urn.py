"""The urn's rows: texts and ballots under keyed tags, and the hashed ids of what was dropped. No seat, no time, no order.

Tables without rowid: rows lie in the order of their random-looking keys, so the file does not tell what came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.elements import ColumnElement

from app.extensions import db
from app.store.database import Overtaken

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

papers = db.Table(
    "urn_papers",
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

# The keys in force, by a mark that leads to no key: a worker that finds another key under the name knows that it is not this one.
keys = db.Table(
    "urn_keys",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("round", sa.String(64), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Integer, nullable=False),
    sa.Column("mark", sa.LargeBinary(16), nullable=False),
    sa.Column("held_at_ms", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key in force. Units: `held_at_ms` is when some worker last had it in memory, UTC milliseconds."""

    epoch: Epoch
    key: int
    mark: bytes
    held_at_ms: int


# Where what was dropped lies until it is opened.
TABLES = (texts.name, ballots.name, papers.name)


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
    """A new text in a free slot. Raises: IntegrityError when another worker filled it meanwhile."""
    _vacate(connection, epoch, key)
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


def _vacate(connection: Connection, epoch: Epoch, key: bytes) -> None:
    """A withdrawn text gives its slot up; one that came in since we looked stays."""
    of_slot = sa.and_(epoch.of(texts), texts.c.key == key)
    connection.execute(texts.delete().where(of_slot, texts.c.state == WITHDRAWN))


def alter_text(
    connection: Connection, epoch: Epoch, row: TextRow, revision: int, body: dict[str, Any], state: str
) -> None:
    """Replace a text as it was read. Raises: Overtaken when another worker altered it since."""
    same = sa.and_(texts.c.key == row.key, texts.c.revision == row.revision, texts.c.state == row.state)
    changed = connection.execute(
        texts.update()
        .where(epoch.of(texts), same)
        .values(revision=revision, body=orjson.dumps(body), state=state)
    )
    if changed.rowcount != 1:
        raise Overtaken


def rekey_text(connection: Connection, epoch: Epoch, row: TextRow, key: bytes) -> None:
    """Give a text another slot, which is free. Raises: Overtaken or IntegrityError when another worker was faster."""
    _vacate(connection, epoch, key)
    at_old = sa.and_(epoch.of(texts), texts.c.key == row.key)
    if connection.execute(texts.update().where(at_old).values(key=key)).rowcount != 1:
        raise Overtaken


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
        older = ballots.update().where(of_seat, ballots.c.revision == there)
        if connection.execute(older.values(revision=revision, sealed=sealed)).rowcount != 1:
            raise Overtaken
    else:
        return int(there)
    return None


def all_ballots(connection: Connection, epoch: Epoch) -> list[tuple[bytes, bytes]]:
    """(key, sealed) of every ballot."""
    rows = connection.execute(sa.select(ballots.c.key, ballots.c.sealed).where(epoch.of(ballots)))
    return [(row.key, row.sealed) for row in rows]


def void_ballots(connection: Connection, epoch: Epoch) -> None:
    """Those on paper too: whoever has the sheets enters them again."""
    for table in (ballots, papers):
        connection.execute(table.delete().where(epoch.of(table)))


def count(connection: Connection, epoch: Epoch) -> tuple[int, int]:
    """How many texts lie in the urn, and how many ballots."""
    in_urn = sa.select(sa.func.count()).select_from(texts).where(epoch.of(texts), texts.c.state == IN)
    cast = sa.select(sa.func.count()).select_from(ballots).where(epoch.of(ballots))
    return connection.execute(in_urn).scalar_one(), connection.execute(cast).scalar_one()


def waiting(connection: Connection, epoch: Epoch) -> dict[str, int]:
    """How many texts of each kind lie in an urn."""
    kinds = sa.select(texts.c.what, sa.func.count()).where(epoch.of(texts), texts.c.state == IN)
    return {what: number for what, number in connection.execute(kinds.group_by(texts.c.what))}


def empty(connection: Connection, epoch: Epoch) -> None:
    """Delete everything of the epoch; the hashed op ids stay until the workshop ends."""
    for table in (texts, ballots, papers):
        connection.execute(table.delete().where(epoch.of(table)))


def known(connection: Connection, board: str) -> dict[bytes, bytes]:
    """op hash -> fingerprint of everything ever dropped on this board."""
    rows = connection.execute(
        sa.select(dropped.c.op_hash, dropped.c.fingerprint).where(dropped.c.board == board)
    )
    return {row.op_hash: row.fingerprint for row in rows}


def known_among(connection: Connection, board: str, hashes: list[bytes]) -> dict[bytes, bytes]:
    """op hash -> fingerprint of those that were dropped already, by whichever worker."""
    if not hashes:
        return {}
    rows = connection.execute(
        sa.select(dropped.c.op_hash, dropped.c.fingerprint).where(
            dropped.c.board == board, dropped.c.op_hash.in_(hashes)
        )
    )
    return {row.op_hash: row.fingerprint for row in rows}


def remember(connection: Connection, board: str, op_hash: bytes, fingerprint: bytes) -> None:
    connection.execute(dropped.insert().values(board=board, op_hash=op_hash, fingerprint=fingerprint))


def delete(connection: Connection, board: str) -> None:
    for table in (texts, ballots, papers, dropped, keys):
        connection.execute(table.delete().where(table.c.board == board))


# --- the keys in force ---


def put_key(connection: Connection, row: KeyRow) -> None:
    """Put a key in force, in the place of the one before."""
    forget_key(connection, row.epoch)
    connection.execute(
        keys.insert().values(**row.epoch.values(), key=row.key, mark=row.mark, held_at_ms=row.held_at_ms)
    )


def forget_key(connection: Connection, epoch: Epoch) -> None:
    connection.execute(keys.delete().where(epoch.of(keys)))


def keys_in_force(connection: Connection) -> list[KeyRow]:
    return [_key_row(row) for row in connection.execute(sa.select(keys))]


def key_in_force(connection: Connection, epoch: Epoch) -> KeyRow | None:
    row = connection.execute(sa.select(keys).where(epoch.of(keys))).first()
    return _key_row(row) if row else None


def still_held(connection: Connection, epochs: Iterable[Epoch], now_ms: int) -> None:
    """Say that a living worker has these keys."""
    for epoch in epochs:
        connection.execute(keys.update().where(epoch.of(keys)).values(held_at_ms=now_ms))


def _key_row(row: Any) -> KeyRow:
    return KeyRow(Epoch(row.board, row.round, row.epoch), row.key, row.mark, row.held_at_ms)
