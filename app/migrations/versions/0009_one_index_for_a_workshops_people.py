"""People are found by their workshop through the index of their numbers, which begins with it; the older one is not needed.

Revision ID: 0009
Revises: 0008


"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEX = "ix_people_workshop"


def upgrade() -> None:
    op.drop_index(INDEX, table_name="people")


def downgrade() -> None:
    op.create_index(INDEX, "people", ["workshop"])
