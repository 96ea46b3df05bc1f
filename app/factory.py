"""The application factory: binds the extensions and registers pages and commands. No work at import."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask

from app.boards import boards
from app.clock import Clock
from app.cookie import SessionCookie
from app.extensions import babel, csrf, db, login_manager, migrate
from app.https_only import OnlySecure
from app.store.database import Database
from app.urn.keys import Keys
from config import Settings

HERE = Path(__file__).resolve().parent


def create_app(settings: Settings) -> Flask:
    """The Flask application over these settings; the database must have been migrated (`flask db upgrade`) before it serves."""
    app = Flask(__name__, static_folder="static/dist", static_url_path="/static/dist")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # A failing statement is logged without what it was about: names, handles, texts.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        SESSION_COOKIE_NAME="__Host-palabre" if settings.https else "palabre",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,
        # A token, and behind TLS a cookie that no other site can plant, are enough; some networks take the Referer away.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
    )
    app.session_interface = SessionCookie()
    if settings.https:
        app.wsgi_app = OnlySecure(app.wsgi_app, settings)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db, directory=str(HERE / "migrations"), render_as_batch=True)
    login_manager.init_app(app)
    csrf.init_app(app)
    # Pages, commands and languages know the services; importing them here keeps imports pointing inward.
    languages = import_module("app.languages")
    babel.init_app(app, locale_selector=languages.chosen_language)
    app.extensions["safekeeping"] = import_module("app.safekeeping").Safekeeping(settings, boards)
    import_module("app.pages").register(app)
    import_module("app.commands").register(app)
    people = import_module("app.store.people")
    boards.start(
        database=Database(settings.database_url),
        keys=Keys(settings.volatile),
        secret=settings.secret,
        clock=Clock(),
        seats_of=people.seats_of_board,
        authors_of=people.authors_of_board,
    )
    return app
