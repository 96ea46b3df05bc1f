"""The application of the pages' tests and the databases of the store's: here every page is asked over each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.application import application
from tests.pages.conftest import browser, cuts, demo, entry, facilitator
from tests.stores import database_url, postgres

__all__ = ["browser", "cuts", "database_url", "demo", "entry", "facilitator", "postgres"]


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with application(tmp_path, PALABRE_HOST="127.0.0.1", PALABRE_DATABASE=database_url) as made:
        yield made
