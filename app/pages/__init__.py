"""Blueprints: parse, call, render. No SQL, no rules."""

from __future__ import annotations

from flask import Flask

from app.pages import board, door, errors, exports, people, setup


def register(app: Flask) -> None:
    """Bind every page to the application."""
    for blueprint in (door.pages, board.pages, people.pages, exports.pages, setup.pages):
        app.register_blueprint(blueprint)
    errors.register(app)
    setup.prepare(app)
