"""The people of workshops: who has a seat or a task. No row holds a code, for codes are derived (`app/codes.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.extensions import db
from app.store.workshops import workshop_boards

WALL = "wall"

people = db.Table(
    "people",
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("workshop", sa.String(32), sa.ForeignKey("workshops.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("side", sa.String(16)),
    sa.Column("category", sa.String(60)),
    sa.Column("organisation", sa.String(120)),
    sa.Column("place", sa.String(16)),
    sa.Column("table", sa.String(64)),
    sa.Column("device", sa.String(32)),
    sa.Column("usual_role", sa.String(16)),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("joined", sa.Boolean, nullable=False),
    sa.Column("simulated", sa.Boolean, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    # A seat is called by its number at the room desk; and a workshop's people are found by the same index.
    sa.Index("ix_people_workshop_number", "workshop", "number", unique=True),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a workshop.

    Shape: `name` is {fr, en}; `joined` says that the seat was opened at least once; `usual_role` is what the person was
           before being made facilitator for a while; `device` "wall" marks the projector; raising `version` revokes
           every code and link.
    """

    id: str
    workshop: str
    number: int
    name: dict[str, str]
    role: str
    side: str | None = None
    category: str | None = None
    organisation: str | None = None
    place: str | None = None
    table: str | None = None
    device: str | None = None
    usual_role: str | None = None
    version: int = 1
    joined: bool = False
    simulated: bool = False
    removed: bool = False


def _person(row: Any) -> Person:
    return Person(**row._mapping)


def add_people(connection: Connection, added: Sequence[Person]) -> None:
    if added:
        connection.execute(people.insert(), [asdict(person) for person in added])


def person(connection: Connection, person_id: str) -> Person | None:
    row = connection.execute(sa.select(people).where(people.c.id == person_id)).first()
    return _person(row) if row else None


def people_of(connection: Connection, workshop_id: str) -> list[Person]:
    """Everybody who was not removed, in the order of their numbers."""
    rows = connection.execute(
        sa.select(people).where(people.c.workshop == workshop_id, ~people.c.removed).order_by(people.c.number)
    )
    return [_person(row) for row in rows]


def last_number(connection: Connection, workshop_id: str) -> int:
    """The highest number that a seat of a workshop has or had: the sheet of somebody removed may still lie about."""
    numbers = sa.select(sa.func.max(people.c.number))
    given = numbers.where(people.c.workshop == workshop_id, ~people.c.simulated)
    return connection.execute(given).scalar() or 0


def change_person(connection: Connection, person_id: str, **values: Any) -> None:
    connection.execute(people.update().where(people.c.id == person_id).values(**values))


def delete_simulated(connection: Connection, workshop_id: str) -> None:
    connection.execute(people.delete().where(people.c.workshop == workshop_id, people.c.simulated))


def authors_of_board(connection: Connection, board: str) -> list[str]:
    """Everybody who may have written on a board: whoever is or was of its workshop, removed or in another role since."""
    workshop = sa.select(workshop_boards.c.workshop).where(workshop_boards.c.board == board).scalar_subquery()
    return list(connection.execute(sa.select(people.c.id).where(people.c.workshop == workshop)).scalars())


def seats_of_board(connection: Connection, board: str) -> list[str]:
    """The seats that may post and vote on a board: participants who joined; simulated ones on a practice board only."""
    on_practice = (
        sa.select(workshop_boards.c.practice).where(workshop_boards.c.board == board).scalar_subquery()
    )
    rows = connection.execute(
        sa.select(people.c.id).where(
            people.c.workshop
            == sa.select(workshop_boards.c.workshop)
            .where(workshop_boards.c.board == board)
            .scalar_subquery(),
            people.c.role == "participant",
            people.c.joined,
            ~people.c.removed,
            sa.or_(~people.c.simulated, on_practice),
        )
    )
    return list(rows.scalars())
