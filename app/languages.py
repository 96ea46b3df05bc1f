"""Which language a page speaks, and its strings for the browser. French first, English beside it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.support import Translations
from flask import current_app, has_request_context, request

from app.exports.speech import Speech

LANGUAGES = ("fr", "en")
COOKIE = "language"
TRANSLATIONS = Path(__file__).parent / "translations"
# The packed scripts of each page: the first, and those that come after its first screen.
FIRST = {
    "board": ("board.js", "chunk-*.js"),
    "console": ("console.js",),
    "wall": ("wall.js",),
    "sheets": ("sheets.js",),
    "replay": ("replay.js",),
    "desk": ("desk.js",),
    "page": ("page.js",),
    "selftest": ("selftest.js",),
}
LATER = {"board": ("work-*.js",)}


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
        if not message.id or message.fuzzy or not _is_said_on(page, message.id):
            continue
        if isinstance(message.id, list | tuple):
            strings[str(message.id[0])] = [str(form) for form in message.string or ()]
        elif message.string:
            strings[message.id] = str(message.string)
    return strings


@cache
def speech(language: str) -> Speech:
    """How a document speaks a language, outside of any request."""
    return Speech(language, Translations.load(str(TRANSLATIONS), [language]))


def first_strings(language: str, page: str) -> dict[str, str | list[str]]:
    """What a page's first script says; the rest comes with the scripts that say it (`later_strings`)."""
    first = _packed(*FIRST[page])
    return {said: text for said, text in browser_strings(language, page).items() if _says(first, said)}


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


def _says(scripts: str, said: str) -> bool:
    """Whether packed scripts hold a sentence, as it is or with its quotation marks escaped."""
    return said in scripts or json.dumps(said, ensure_ascii=False)[1:-1] in scripts


def _is_said_on(page: str | None, said: str | list[str] | tuple[str, ...]) -> bool:
    """Whether the scripts of a page can say a sentence (of a plural: its singular)."""
    if page is None:
        return True
    scripts = _packed(*FIRST[page], *LATER.get(page, ()))
    return _says(scripts, said if isinstance(said, str) else said[0])
