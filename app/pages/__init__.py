"""Blueprints: parse, call, render. No SQL, no rules."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import get_locale

from app import languages
from app.pages import (
    agenda,
    assets,
    board,
    door,
    errors,
    exports,
    headers,
    history,
    language,
    paper,
    people,
    words,
    workshops,
)


def register(app: Flask) -> None:
    """Bind every page to the application."""
    for module in (assets, language, door, board, agenda, people, paper, exports, history, workshops):
        app.register_blueprint(module.pages)
    headers.register(app)
    errors.register(app)
    app.jinja_env.globals["asset"] = assets.asset
    app.jinja_env.globals["promise"] = words.promise
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_in_every_template)


def _in_every_template() -> dict[str, Any]:
    """The reader's language, text that is data in it, and what the script of server-made pages is told."""
    chosen = languages.chosen_language()
    return {
        "get_locale": get_locale,
        "lang": chosen,
        "said": words.in_language,
        "page_config": {"lang": chosen, "strings": languages.browser_strings(chosen, "page")},
    }
