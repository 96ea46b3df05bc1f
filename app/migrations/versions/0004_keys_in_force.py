"""Which key of an urn is in force, by its mark, and when a worker last held it.

Revision ID: 0004
Revises: 0003


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "urn_keys",
        sa.Column("board", sa.String(length=32), nullable=False),
        sa.Column("round", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("held_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("board", "round", "epoch", name=op.f("pk_urn_keys")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("urn_keys")
