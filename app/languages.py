"""Which language a page speaks, and its strings for the browser. French first, English beside it."""

from __future__ import annotations

import hashlib
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


def first_strings(language: str, page: str) -> dict[str, str | list[str]]:
    """What a page's first script says; the rest comes with the scripts that say it (`later_strings`)."""
    first = _packed(f"{page}.js", "chunk-*.js")
    return {said: text for said, text in browser_strings(language, page).items() if said in first}


def later_strings(language: str, page: str) -> dict[str, str | list[str]]:
    """What only the scripts of a page that come after its first screen say."""
    first = first_strings(language, page)
    return {said: text for said, text in browser_strings(language, page).items() if said not in first}


@cache
def strings_version(language: str) -> str:
    """Changes with the translations, so that browsers may keep them for a year."""
    return hashlib.sha256(repr(browser_strings(language)).encode()).hexdigest()[:10]


@cache
def _packed(*names: str) -> str:
    """The text of packed scripts: a sentence they can say stands in it."""
    folder = Path(__file__).parent / "static" / "dist"
    return "".join(path.read_text(encoding="utf-8") for name in names for path in sorted(folder.glob(name)))


def _is_said_on(page: str | None, places: list[str]) -> bool:
    """Whether a string can be said on a page: it stands in a script of its own, or in one that several share."""
    others = tuple(prefix for name, own in OWN_STRINGS.items() if name != page for prefix in own)
    return page is None or not places or any(not place.startswith(others) for place in places)
