"""Paper ballots lie in the urn of their round until a second person has read the same, and until they are counted.

Revision ID: 0007
Revises: 0006


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "urn_papers",
        sa.Column("board", sa.String(length=32), nullable=False),
        sa.Column("round", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("board", "round", "epoch", "key", name=op.f("pk_urn_papers")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("urn_papers")
