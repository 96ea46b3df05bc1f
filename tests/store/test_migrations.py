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
from app.store import workshops as workshop_rows


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
    workshop = seats.read(lambda c: workshop_rows.workshop(c, "w"))
    assert workshop
    assert workshop.door == workshop_rows.ASK


def test_seats_that_shared_a_number_are_told_apart_and_who_is_there_keeps_it(app: Flask) -> None:
    upgrade(revision="0007")
    with db.engine.begin() as connection:
        for code in ("v", "w"):
            connection.execute(
                sa.text(
                    "INSERT INTO workshops (id, title, code, language, demo, door, created)"
                    f" VALUES ('{code}', '{{}}', '{code}', 'fr', 0, 'ask', '')"
                )
            )
        for id_, workshop, number, joined, removed in (
            *(("a", "w", 1, 0, 1), ("b", "w", 1, 1, 0), ("c", "w", 1, 0, 0), ("d", "w", 2, 1, 0)),
            ("e", "v", 1, 1, 0),
        ):
            connection.execute(
                sa.text(
                    "INSERT INTO people (id, workshop, number, name, role, version, joined, simulated, removed)"
                    f" VALUES ('{id_}', '{workshop}', {number}, '{{}}', 'participant', 1, {joined}, 0, {removed})"
                )
            )
    upgrade()
    with db.engine.connect() as connection:
        numbers = dict(connection.execute(sa.text("SELECT id, number FROM people")).all())  # type: ignore[arg-type]
    assert numbers == {"b": 1, "d": 2, "c": 3, "a": 4, "e": 1}


def test_the_last_migration_can_be_taken_back(app: Flask) -> None:
    upgrade()
    downgrade()
    upgrade()
    with db.engine.connect() as connection:
        assert workshop_rows.all_workshops(connection) == []
