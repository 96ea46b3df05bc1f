"""How long each workshop keeps its people, and its sealed archive.

Revision ID: 0006
Revises: 0005


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keeping",
        sa.Column("workshop", sa.String(length=32), nullable=False),
        sa.Column("days", sa.Integer(), server_default="90", nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("announced", sa.Integer(), nullable=True),
        sa.Column("wiping", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("wiped_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.Integer(), nullable=True),
        sa.Column("sealed_head", sa.Integer(), nullable=True),
        sa.Column("sealed_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["workshop"], ["workshops.id"], name=op.f("fk_keeping_workshop_workshops")),
        sa.PrimaryKeyConstraint("workshop", name=op.f("pk_keeping")),
    )


def downgrade() -> None:
    op.drop_table("keeping")
