"""How much time the running round had when a worker was last alive: what a restart after an outage goes back to."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db

clocks = db.Table(
    "round_clocks",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("round", sa.String(64), nullable=False),
    sa.Column("left_ms", sa.BigInteger, nullable=False),
    sa.Column("alive_at_ms", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Clock:
    round: str
    left_ms: int
    alive_at_ms: int


_KEEP = sa.text(
    "INSERT INTO round_clocks (board, round, left_ms, alive_at_ms) VALUES (:board, :round, :left_ms, :alive_at_ms)"
    " ON CONFLICT (board) DO UPDATE SET"
    " round = excluded.round, left_ms = excluded.left_ms, alive_at_ms = excluded.alive_at_ms"
)


def keep(connection: Connection, board: str, clock: Clock) -> None:
    """One statement: several workers keep the same clock."""
    values = {"round": clock.round, "left_ms": clock.left_ms, "alive_at_ms": clock.alive_at_ms}
    connection.execute(_KEEP, {"board": board, **values})


def read(connection: Connection, board: str) -> Clock | None:
    row = connection.execute(sa.select(clocks).where(clocks.c.board == board)).first()
    return Clock(row.round, row.left_ms, row.alive_at_ms) if row else None


def delete(connection: Connection, board: str) -> None:
    connection.execute(clocks.delete().where(clocks.c.board == board))
