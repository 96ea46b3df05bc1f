"""The gettext catalogues, kept true to the sources: every sentence for people, in every language but English.

Two for each language: `messages` for what the server says (compiled, because gettext wants it so) and `browser` for what the
scripts say (read as it is by `languages.browser_strings`). Nothing here runs in a request.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import Translations

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "app" / "translations"
LANGUAGES = ("fr",)
DOMAINS = ("messages", "browser")
# The catalogues know no day: a rebuild without a new sentence leaves every byte as it was.
NO_DAY = datetime.datetime(2020, 9, 22, tzinfo=datetime.UTC)
HEADER = """\
# Palabre, {domain}: brought up to date by `python -m app.commands translations`.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_CALL = re.compile(rf"(?<![\w.$])(tn?)\(\s*({_STRING})(?:\s*,\s*({_STRING}))?")


def extract_script(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """What a script says: t("...") and tn("...", "..."). Babel's own extractor loses what stands in nested templates.

    The names it gives are none that Python could call: a variable `t` of ours is no sentence.
    """
    text = file.read().decode("utf-8")
    for call in _CALL.finditer(text):
        name, one, many = call.groups()
        line = text.count("\n", 0, call.start()) + 1
        if name == "t":
            yield line, "script t", json.loads(one), []
        elif many:
            yield line, "script tn", (json.loads(one), json.loads(many)), []


def path_of(language: str, domain: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """The catalogue as it is kept."""
    path = path_of(language, domain)
    if not path.exists():
        return Catalog(locale=language, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def extract() -> dict[str, Catalog]:
    """The sentences that stand in the sources now, by domain, without any translation."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "N_": None, "script t": None, "script tn": (1, 2)}
    found = {domain: Catalog(locale="en", domain=domain) for domain in DOMAINS}
    for name, _line, ids, _comments, _context in extract_from_dir(
        ROOT / "app", _below(methods), _below(options), keywords=keywords
    ):
        place = f"app/{name}"
        found["browser" if place.endswith(".js") else "messages"].add(ids, locations=[(place, 0)])
    return found


def _below(mapping: Any) -> Any:
    """The mapping with patterns as seen from app/, so that nothing beside it is walked."""
    if isinstance(mapping, dict):
        return {pattern.removeprefix("app/"): value for pattern, value in mapping.items()}
    return [(pattern.removeprefix("app/"), value) for pattern, value in mapping]


def merged(language: str, domain: str, sources: Catalog) -> Catalog:
    """The sentences of the sources with the translations that are kept. Nothing is guessed from similar sentences."""
    kept = read(language, domain)
    fresh = Catalog(locale=language, domain=domain, creation_date=NO_DAY, revision_date=NO_DAY)
    for message in sources:
        if message.id:
            known = kept.get(_first(message))
            translated = known.string if known and not known.fuzzy and known.id == message.id else ""
            fresh.add(message.id, translated or "", locations=sorted(set(message.locations)))
    return fresh


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def missing(catalogue: Catalog) -> list[str]:
    """The sentences without a whole translation."""
    return [
        _first(message) for message in catalogue if message.id and (message.fuzzy or not _is_whole(message))
    ]


def _is_whole(message: Message) -> bool:
    texts = message.string if isinstance(message.string, list | tuple) else [message.string]
    wanted = 2 if isinstance(message.id, list | tuple) else 1
    return len(texts) >= wanted and all(texts)


def write(catalogue: Catalog, language: str, domain: str) -> Path:
    """Write a catalogue, and compile what gettext reads."""
    path = path_of(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(domain=domain, language=language).encode())
        write_po(file, catalogue, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
    if domain == "messages":
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    return path


def update() -> dict[Path, list[str]]:
    """Bring every catalogue up to date; returns what is left to translate, by file."""
    left: dict[Path, list[str]] = {}
    for domain, sources in extract().items():
        for language in LANGUAGES:
            catalogue = merged(language, domain, sources)
            left[write(catalogue, language, domain)] = missing(catalogue)
    return left


def translator(language: str) -> Callable[[str], str]:
    """Sentences of the server in a language, without an application: for the terminal."""
    return Translations.load(str(TRANSLATIONS), [language], "messages").gettext
