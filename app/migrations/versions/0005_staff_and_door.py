"""Accounts of staff, what the door asks, and sessions whose token is renewed.

Revision ID: 0005
Revises: 0004


"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table.
    op.add_column("sessions", sa.Column("due", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("sessions", sa.Column("former_hash", sa.LargeBinary(length=32), nullable=True))
    op.create_table(
        "doors",
        sa.Column("workshop", sa.String(length=32), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("links_ask", sa.Boolean(), nullable=False),
        sa.Column("word_hash", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop"], ["workshops.id"], name=op.f("fk_doors_workshop_workshops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workshop", name=op.f("pk_doors")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("passphrase_hash", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "account_seats",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_account_seats_account_accounts")),
        sa.ForeignKeyConstraint(
            ["person"], ["people.id"], name=op.f("fk_account_seats_person_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_account_seats")),
    )
    with op.batch_alter_table("account_seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_seats_account"), ["account"], unique=False)
    op.create_table(
        "account_sessions",
        sa.Column("handle", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_account_sessions_account_accounts")
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_account_sessions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("account_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_sessions_account"), ["account"], unique=False)


def downgrade() -> None:
    for table in ("account_sessions", "account_seats", "accounts", "doors"):
        op.drop_table(table)
    for column in ("former_hash", "due"):
        op.drop_column("sessions", column)
