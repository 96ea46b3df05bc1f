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
from flask_migrate import upgrade  # noqa: E402

import config  # noqa: E402
from app import banner, practice, workshops  # noqa: E402
from app.boards import boards  # noqa: E402
from app.factory import create_app  # noqa: E402
from realtime import live  # noqa: E402


def build(settings: config.Settings) -> Flask:
    """The application over a migrated database."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return app


def keep_links(settings: config.Settings, links: dict[str, Any]) -> None:
    """The entry links for scripts. A full disk keeps the old file whole, and the server starts all the same."""
    path = settings.data / "entry-links.json"
    fresh = path.with_suffix(".new")
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
    except config.BadSetting as error:
        sys.exit(str(error))
    app = build(settings)
    with app.app_context():
        practice.sweep()
    links = workshops.ensure_demo(app)
    live.start(app, boards, settings)
    keep_links(settings, links)
    engine.serve(app, settings.host, settings.port, lambda: banner.show(links, settings))


if __name__ == "__main__":
    main()
