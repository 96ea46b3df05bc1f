"""The application over a folder of its own, asked without any server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

import config
from app.boards import boards
from app.extensions import db
from app.factory import create_app


@contextmanager
def application(folder: Path, **environment: str) -> Iterator[Flask]:
    """With its tables, which are empty, and inside its context."""
    environment |= {"PALABRE_DATA": str(folder), "PALABRE_VOLATILE": str(folder / "volatile")}
    made = create_app(config.from_environment(environment))
    with made.app_context():
        db.create_all()
        yield made
        boards.database.close()
        db.engine.dispose()
