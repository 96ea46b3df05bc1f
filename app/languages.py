"""Which language a page speaks, and its strings for the browser. French first, English beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import current_app, has_request_context, request

LANGUAGES = ("fr", "en")
COOKIE = "language"
TRANSLATIONS = Path(__file__).parent / "translations"
# What only one page's script says, by where it says it. Everything else may be said on any page.
OWN_STRINGS = {
    "console": ("app/static/js/console.js", "app/static/js/views/console/"),
    "wall": ("app/static/js/wall.js", "app/static/js/views/wall/"),
    "board": ("app/static/js/board.js", "app/static/js/views/board/"),
    "page": ("app/static/js/page.js",),
}


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
def browser_strings(language: str, page: str | None = None) -> dict[str, str | list[str]]:
    """English sentence -> translation, for the scripts of one page (None: of all); empty for English, which needs none.

    Shape: of a plural, the English singular leads to the list of its translated forms.
    """
    path = TRANSLATIONS / language / "LC_MESSAGES" / "browser.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file)
    strings: dict[str, str | list[str]] = {}
    for message in catalogue:
        places = [place for place, _ in message.locations]
        if not message.id or message.fuzzy or not _is_said_on(page, places):
            continue
        if isinstance(message.id, list | tuple):
            strings[str(message.id[0])] = [str(form) for form in message.string or ()]
        elif message.string:
            strings[message.id] = str(message.string)
    return strings


def _is_said_on(page: str | None, places: list[str]) -> bool:
    """Whether a string can be said on a page: it stands in a script of its own, or in one that several share."""
    others = tuple(prefix for name, own in OWN_STRINGS.items() if name != page for prefix in own)
    return page is None or not places or any(not place.startswith(others) for place in places)
