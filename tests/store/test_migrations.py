"""A database made by any older version becomes today's, and keeps what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

import config
from app import seats
from app.extensions import db
from app.factory import create_app
from app.store import accounts


@pytest.fixture
def app(tmp_path: Path) -> Any:
    environ = {"PALABRE_DATA": str(tmp_path), "PALABRE_VOLATILE": str(tmp_path / "volatile")}
    made = create_app(config.from_environment(environ))
    with made.app_context():
        yield made
        db.engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_describes(app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_people_of_the_first_version_keep_their_seats(app: Flask) -> None:
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO workshops VALUES ('w', '{\"fr\": \"A\", \"en\": \"A\"}', 'CODE', 'fr', 0)")
        )
        connection.execute(
            sa.text(
                "INSERT INTO people (id, workshop, number, name, role, version, joined, simulated, removed)"
                " VALUES ('p', 'w', 1, '{\"fr\": \"P\", \"en\": \"P\"}', 'participant', 1, 1, 0, 0)"
            )
        )
        connection.execute(sa.text("INSERT INTO sessions VALUES ('h', x'00', 'p')"))
    upgrade()
    person = seats.member("h")
    assert person
    assert (person.role, person.joined, person.organisation) == ("participant", True, None)
    workshop = seats.read(lambda c: accounts.workshop(c, "w"))
    assert workshop
    assert workshop.door == accounts.ASK


def test_the_last_migration_can_be_taken_back(app: Flask) -> None:
    upgrade()
    downgrade()
    upgrade()
    with db.engine.connect() as connection:
        assert accounts.all_workshops(connection) == []
