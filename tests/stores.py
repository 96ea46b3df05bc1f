"""The databases that the store's contract holds for: `database_url` runs a test over each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cluster, services
from tests.not_run import or_skip


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    yield from empty_postgres()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    yield from empty_postgres()


@pytest.fixture
def postgres() -> services.Postgres:
    """The server, for who makes a database or a setting of their own."""
    with or_skip():
        return cluster.postgres()


def empty_postgres() -> Iterator[str]:
    with or_skip():
        server = cluster.postgres()
    url = server.new_database()
    yield url
    server.drop_database(url)
