"""Entry point: prepares the engine on its first line, migrates, builds the application and its live side, and serves."""

import os

from realtime import engine

engine.prepare(os.environ.get("PALABRE_ENGINE", "eventlet"))

# Everything below must be imported after the engine has patched the standard library.
import json  # noqa: E402
import logging  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask  # noqa: E402

import config  # noqa: E402
from app import backups, banner, practice, upgrades, workshops  # noqa: E402
from app.boards import boards  # noqa: E402
from app.factory import create_app  # noqa: E402
from app.store.database import InUse, claim  # noqa: E402
from realtime import farewell, live  # noqa: E402

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
    socketio = live.start(app, boards, settings)
    if not settings.is_sqlite:
        socketio.start_background_task(practice.sweep, lambda: socketio.sleep(SWEEP_AFTER_S))
    keep_links(settings, links)
    engine.serve(
        app,
        settings.host,
        settings.port,
        lambda: banner.show(links, settings),
        lambda: farewell.say(socketio, boards),
    )


if __name__ == "__main__":
    main()
