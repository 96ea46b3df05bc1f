"""Workshops and their boards. Nothing here leads to a card or a ballot."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db

# Who comes without a seat code: takes a seat at once, or with the word said in the room; may ask at the door; stays outside.
OPEN, WORD, ASK, SEATS_ONLY = "open", "word", "ask", "seats"
DOORS = (OPEN, WORD, ASK, SEATS_ONLY)

workshops = db.Table(
    "workshops",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("title", sa.JSON, nullable=False),
    sa.Column("code", sa.String(12), nullable=False, unique=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("door", sa.String(8), nullable=False, server_default=ASK),
    sa.Column("created", sa.String(10), nullable=False, server_default=""),
)

workshop_boards = db.Table(
    "workshop_boards",
    sa.Column("board", sa.String(32), primary_key=True),
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id"), nullable=False, index=True),
    sa.Column("practice", sa.Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Workshop:
    """An event. `title` is {fr, en}; `door` is one of DOORS; `created` is a day, as 2026-11-23."""

    id: str
    title: dict[str, str]
    code: str
    language: str
    demo: bool = False
    door: str = ASK
    created: str = ""


def add_workshop(connection: Connection, workshop: Workshop) -> None:
    connection.execute(workshops.insert().values(**asdict(workshop)))


def workshop(connection: Connection, workshop_id: str) -> Workshop | None:
    row = connection.execute(sa.select(workshops).where(workshops.c.id == workshop_id)).first()
    return Workshop(**row._mapping) if row else None


def workshop_by_code(connection: Connection, code: str) -> Workshop | None:
    row = connection.execute(sa.select(workshops).where(workshops.c.code == code)).first()
    return Workshop(**row._mapping) if row else None


def demo_workshop(connection: Connection) -> Workshop | None:
    row = connection.execute(sa.select(workshops).where(workshops.c.demo)).first()
    return Workshop(**row._mapping) if row else None


def all_workshops(connection: Connection) -> list[Workshop]:
    rows = connection.execute(sa.select(workshops).order_by(workshops.c.created, workshops.c.code))
    return [Workshop(**row._mapping) for row in rows]


def change_workshop(connection: Connection, workshop_id: str, **values: Any) -> None:
    connection.execute(workshops.update().where(workshops.c.id == workshop_id).values(**values))


def add_board(connection: Connection, board: str, workshop_id: str, *, practice: bool) -> None:
    connection.execute(workshop_boards.insert().values(board=board, workshop=workshop_id, practice=practice))


def boards_of_workshops(connection: Connection) -> set[str]:
    return set(connection.execute(sa.select(workshop_boards.c.board)).scalars())


def remove_board(connection: Connection, board: str) -> None:
    connection.execute(workshop_boards.delete().where(workshop_boards.c.board == board))


def board_of(connection: Connection, workshop_id: str, *, practice: bool = False) -> str | None:
    """The workshop's main board, or its practice board if one is open."""
    return connection.execute(
        sa.select(workshop_boards.c.board).where(
            workshop_boards.c.workshop == workshop_id, workshop_boards.c.practice == practice
        )
    ).scalar()


def main_boards(connection: Connection) -> dict[str, str]:
    """Workshop -> its main board."""
    found = sa.select(workshop_boards.c.workshop, workshop_boards.c.board).where(~workshop_boards.c.practice)
    return {row.workshop: row.board for row in connection.execute(found)}


def workshop_of_board(connection: Connection, board: str) -> str | None:
    return connection.execute(
        sa.select(workshop_boards.c.workshop).where(workshop_boards.c.board == board)
    ).scalar()
