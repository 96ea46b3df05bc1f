"""Blueprints: parse, call, render. No SQL, no rules."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import get_locale

from app import accounts, languages
from app.domain.passphrases import LEAST
from app.pages import (
    account,
    agenda,
    assets,
    backups,
    board,
    closings,
    desk,
    door,
    entry,
    errors,
    exports,
    full,
    headers,
    health,
    history,
    keeping,
    kept,
    language,
    paper,
    paper_ballots,
    people,
    release,
    replay,
    report,
    selftest,
    summary,
    words,
    workshops,
)


def register(app: Flask) -> None:
    """Bind every page to the application."""
    for module in (
        assets,
        health,
        language,
        door,
        full,
        account,
        board,
        desk,
        agenda,
        people,
        entry,
        paper,
        paper_ballots,
        selftest,
        backups,
        exports,
        report,
        closings,
        history,
        replay,
        summary,
        workshops,
        keeping,
        kept,
        release,
    ):
        app.register_blueprint(module.pages)
    headers.register(app)
    errors.register(app)
    full.register(app)
    app.jinja_env.globals["asset"] = assets.asset
    app.jinja_env.globals["home_of"] = board.home_of
    app.jinja_env.globals["promise"] = words.promise
    app.jinja_env.globals["may_have_account"] = accounts.may_have_account
    app.jinja_env.globals["least_passphrase"] = LEAST
    app.jinja_env.globals["coming"] = keeping.coming
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
