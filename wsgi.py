"""Entry point: prepares the engine on its first line, migrates, builds the application and its live side, and serves."""

import os

from realtime import engine

engine.prepare(os.environ.get("PALABRE_ENGINE", "eventlet"))

# Everything below must be imported after the engine has patched the standard library.
import gc  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import sqlite3  # noqa: E402
import ssl  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask  # noqa: E402
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

import config  # noqa: E402
from app import backups, banner, practice, precautions, upgrades, workshops  # noqa: E402
from app.boards import boards  # noqa: E402
from app.factory import create_app  # noqa: E402
from app.store.database import InUse, claim  # noqa: E402
from realtime import farewell, live  # noqa: E402

# Of objects made and not yet gone, before the collector looks for circles among them: a board makes few, and a look goes
# through whole tables.
COLLECT_EVERY = 10_000
# Longer than it takes to make a workshop.
SWEEP_AFTER_S = 60


def build(settings: config.Settings) -> tuple[Flask, dict[str, Any]]:
    """The application over a migrated database that has the demo workshop, and the demo's entry links."""
    app = create_app(settings)
    with app.app_context(), boards.database.starting():
        upgrades.bring_up_to_date(settings)
        if settings.is_sqlite:
            practice.sweep()
        return app, workshops.ensure_demo(app)


def keep_links(settings: config.Settings, links: dict[str, Any]) -> None:
    """The entry links for scripts. A full disk keeps the old file whole, and the server starts all the same."""
    path = settings.data / "entry-links.json"
    fresh = path.with_suffix(f".{settings.port}")
    try:
        fresh.write_text(json.dumps(links, indent=1), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        logging.getLogger("palabre").error("storage: %s was not written: %s", path, error.strerror)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    precautions.forbid_core_dumps()
    try:
        settings, app, links, socketio = ready()
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        # What fails here is the disk or the database server, and from a traceback nobody in a hotel sees which.
        sys.exit(
            f"Palabre did not start: {getattr(error, 'orig', None) or error}. "
            "Look at the disk, or at the database server, then start again."
        )
    # What is here by now stays: the boards, the rules, the libraries.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)
    engine.serve(
        app,
        settings.host,
        settings.port,
        lambda: banner.show(links, settings),
        lambda: farewell.say(socketio, boards),
        tls_of(settings),
    )


def ready() -> tuple[config.Settings, Flask, dict[str, Any], Any]:
    """All that stands before the door opens; ends the process with a sentence where a setting must be changed first.

    Raises: OSError, SQLAlchemyError, sqlite3.Error.
    """
    try:
        settings = config.from_environment()
        if settings.is_sqlite:
            claim(settings.database_url)
    except config.BadSetting as error:
        sys.exit(str(error))
    except InUse as in_use:
        sys.exit(
            f"{in_use} SQLite has one server; for several, set PALABRE_DATABASE to a PostgreSQL (docs/operations.md)."
        )
    try:
        app, links = build(settings)
    except backups.NotDone as not_done:
        sys.exit(f"No upgrade without a backup: {not_done}")
    if told := boards.database.tells_on_people():
        sys.exit(
            f"PostgreSQL would log who wrote what ({', '.join(told)}): set it back to its default, then start again."
        )
    if settings.redis_url and (told := live.kept_by_redis(settings.redis_url)):
        sys.exit(
            f"Redis would write keys of sealed rounds to its disk ({', '.join(told)}): "
            "start it as deploy/redis-palabre.conf does, then start again."
        )
    for sentence in precautions.weaknesses(boards.database):
        logging.getLogger("palabre").warning(sentence)
    socketio = live.start(app, boards, settings)
    if not settings.is_sqlite:
        socketio.start_background_task(practice.sweep, lambda: socketio.sleep(SWEEP_AFTER_S))
    keep_links(settings, links)
    return settings, app, links, socketio


def tls_of(settings: config.Settings) -> ssl.SSLContext | None:
    """What this process needs to end TLS itself; None behind a proxy that does, and on a plain address."""
    if settings.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(
        settings.certificate / config.CERTIFICATE, settings.certificate / config.CERTIFICATE_KEY
    )
    return context


if __name__ == "__main__":
    main()
