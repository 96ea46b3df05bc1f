"""People keep organisation and device; the door has a ticket of its own; a workshop may close its door.

Revision ID: 0002
Revises: 0001


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("door", sa.String(length=8), server_default="ask", nullable=False))
        batch_op.add_column(sa.Column("created", sa.String(length=10), server_default="", nullable=False))
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("usual_role", sa.String(length=16), nullable=True))
    # Whoever waits during an upgrade asks again.
    op.drop_table("door_requests")
    op.create_table(
        "door_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workshop", sa.String(length=32), nullable=False),
        sa.Column("ticket_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop"], ["workshops.id"], name=op.f("fk_door_requests_workshop_workshops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_requests")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_door_requests_ticket_hash")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("door_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_requests_workshop"), ["workshop"], unique=False)


def downgrade() -> None:
    op.drop_table("door_requests")
    op.create_table(
        "door_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workshop", sa.String(length=32), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop"], ["workshops.id"], name=op.f("fk_door_requests_workshop_workshops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_requests")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("door_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_requests_workshop"), ["workshop"], unique=False)
    # Not in batches: SQLite would copy the table, and sessions point to people.
    for column in ("usual_role", "device", "organisation"):
        op.drop_column("people", column)
    for column in ("created", "door"):
        op.drop_column("workshops", column)
