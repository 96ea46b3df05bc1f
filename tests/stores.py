"""The databases that the store's contract holds for: a fixture that runs a test over each, `database_url`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cluster, services


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


def empty_postgres() -> Iterator[str]:
    try:
        server = cluster.postgres()
    except services.Missing as missing:
        pytest.skip(f"not run: {missing}")
    url = server.new_database()
    yield url
    server.drop_database(url)
