"""The sign of life, for whoever watches the server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app

from app.boards import boards

pages = Blueprint("health", __name__)


@pages.get("/health")
def health() -> Any:
    """Whether this process takes work: no longer once it has been asked to end."""
    mark = current_app.config["SETTINGS"].mark
    if boards.is_stopping:
        return {"status": "stopping", "server": mark}, 503
    return {"status": "ok", "server": mark}
