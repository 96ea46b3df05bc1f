"""How long each workshop keeps its people, and what was done about it: rows of `domain/retention.py`. No row is the default."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.domain.retention import DEFAULT_DAYS, Keeping, day_of
from app.extensions import db
from app.store.log import log
from app.store.workshops import workshop_boards

keeping = db.Table(
    "keeping",
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id"), primary_key=True),
    sa.Column("days", sa.Integer, nullable=False, server_default=str(DEFAULT_DAYS)),
    sa.Column("until", sa.Integer),
    sa.Column("announced", sa.Integer),
    sa.Column("wiping", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("wiped_at_ms", sa.BigInteger),
    sa.Column("sealed", sa.Integer),
    sa.Column("sealed_head", sa.Integer),
    sa.Column("sealed_hash", sa.String(64)),
)

# The operations by which a round is held; the others of its kind prepare one.
HELD = ("round.start", "round.close", "round.publish", "round.void")


def read(connection: Connection, workshop: str) -> Keeping:
    row = connection.execute(sa.select(keeping).where(keeping.c.workshop == workshop)).first()
    return Keeping(**{name: getattr(row, name) for name in Keeping.__slots__}) if row else Keeping()


def change(connection: Connection, workshop: str, **values: Any) -> None:
    """Set some of it; the row is made when it is first needed."""
    begin(connection, workshop)
    connection.execute(keeping.update().where(keeping.c.workshop == workshop).values(**values))


def begin(connection: Connection, workshop: str) -> None:
    connection.execute(_BEGIN, {"workshop": workshop})


# One statement: several workers may begin it at once.
_BEGIN = sa.text("INSERT INTO keeping (workshop) VALUES (:workshop) ON CONFLICT (workshop) DO NOTHING")


def begin_wipe(connection: Connection, workshop: str) -> bool:
    """Whether the wipe is this caller's to begin; of several at once it is one's."""
    begin(connection, workshop)
    row = keeping.c.workshop == workshop
    return (
        connection.execute(keeping.update().where(row, ~keeping.c.wiping).values(wiping=True)).rowcount == 1
    )


def last_wipe_ms(connection: Connection) -> int | None:
    """When people of any workshop were wiped last: backups made before still hold them."""
    return connection.execute(sa.select(sa.func.max(keeping.c.wiped_at_ms))).scalar()


def days_of(connection: Connection, workshop: str) -> tuple[int | None, int | None]:
    """The day on which the workshop's own board was made, and that of its newest round: from the times of the log."""
    of_board = sa.and_(
        workshop_boards.c.workshop == workshop,
        ~workshop_boards.c.practice,
        log.c.board == workshop_boards.c.board,
    )
    made, held = (
        connection.execute(sa.select(moment).select_from(workshop_boards).join(log, of_board).where(*which))
        for moment, which in (
            (sa.func.min(log.c.at_ms), ()),
            (sa.func.max(log.c.at_ms), (log.c.kind.in_(HELD),)),
        )
    )
    return _day(made.scalar()), _day(held.scalar())


def _day(ms: int | None) -> int | None:
    return None if ms is None else day_of(ms)
