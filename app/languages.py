"""Which language a page speaks, and its strings for the browser. French first, English beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import current_app, has_request_context, request

LANGUAGES = ("fr", "en")
COOKIE = "language"


def chosen_language() -> str:
    """The person's choice, else what the browser prefers among ours, else the server's own."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default) or default


@cache
def browser_strings(language: str) -> dict[str, str]:
    """English sentence -> translation, for the scripts of a page; empty for English, which needs none."""
    path = Path(__file__).parent / "translations" / language / "LC_MESSAGES" / "browser.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file)
    strings: dict[str, str] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else [message.id]
        texts = message.string if isinstance(message.string, list | tuple) else [message.string]
        strings |= {str(one): str(text) for one, text in zip(ids, texts, strict=False) if text}
    return strings
