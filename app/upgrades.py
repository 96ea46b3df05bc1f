"""Bringing the database to this release's tables: a backup first, then the migrations.

Migrations only add before a later release removes, so the release before runs on the newer tables: workers are restarted one
after the other, and a rollback needs no restore.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade

from app import backups
from app.extensions import db
from config import Settings

logger = logging.getLogger("palabre.upgrades")


def bring_up_to_date(settings: Settings) -> None:
    """Migrate what is older than this release. Needs an application context. Raises: backups.NotDone."""
    with db.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    known = {script.revision for script in scripts.walk_revisions()}
    if here is not None and here not in known:
        logger.warning("the database is of a newer release (%s); it is left as it is", here)
    elif here != scripts.get_current_head():
        if here is not None:
            logger.warning("backup before the upgrade: %s", backups.before_migration(settings))
        upgrade()
        if not settings.is_sqlite:
            _keep_no_samples()
    db.engine.dispose()


def _keep_no_samples() -> None:
    """Have PostgreSQL's planner sample no texts: its statistics would keep names and words that were deleted since."""
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            for column in table.columns:
                if not isinstance(column.type, sa.Integer | sa.Boolean):
                    statement = f'ALTER TABLE {table.name} ALTER COLUMN "{column.name}" SET STATISTICS 0'
                    connection.exec_driver_sql(statement)
