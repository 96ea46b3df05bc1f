"""A seat on a shared device may be locked behind a PIN.

Revision ID: 0003
Revises: 0002


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table.
    op.add_column("sessions", sa.Column("pin_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("sessions", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sessions", sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for column in ("locked", "tries", "pin_hash"):
        op.drop_column("sessions", column)
