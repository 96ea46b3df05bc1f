"""In a workshop a number is one seat's: it is what a seat is called at the room desk and on its sheet.

Revision ID: 0008
Revises: 0007


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEX = "ix_people_workshop_number"


def upgrade() -> None:
    _part_those_who_share()
    op.create_index(INDEX, "people", ["workshop", "number"], unique=True)


def _part_those_who_share() -> None:
    """Of several seats of one number, that of somebody who is there keeps it; the others get the next ones."""
    people = sa.table(
        "people",
        *(sa.column(name) for name in ("id", "workshop", "number")),
        *(sa.column(name, sa.Boolean) for name in ("joined", "simulated", "removed")),
    )
    c, connection = people.c, op.get_bind()
    listed = sa.select(c.id, c.workshop, c.number).order_by(c.removed, c.simulated, c.joined.desc(), c.id)
    rows = connection.execute(listed).all()
    last: dict[str, int] = {}
    for row in rows:
        last[row.workshop] = max(row.number, last.get(row.workshop, 0))
    taken: set[tuple[str, int]] = set()
    for row in rows:
        number = row.number
        if (row.workshop, number) in taken:
            number = last[row.workshop] = last[row.workshop] + 1
            connection.execute(people.update().where(c.id == row.id).values(number=number))
        taken.add((row.workshop, number))


def downgrade() -> None:
    op.drop_index(INDEX, table_name="people")
