"""French is whole, well set, and compiled; nothing is said in a language the reader did not choose."""

from __future__ import annotations

import csv
import gettext
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app import catalogues, languages
from app.imports import SENTENCES

DATA = Path(__file__).resolve().parents[2] / "app/data"
HOLE = re.compile(r"%\(\w+\)[sd]")
THIN, WIDE = "\u202f", "\u00a0"


@cache
def sources() -> dict[str, Any]:
    return catalogues.extract()


def texts(message: Any) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def ids(message: Any) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [message.id]


def kept(domain: str) -> list[Any]:
    return [message for message in catalogues.read("fr", domain) if message.id]


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_every_sentence_of_the_sources_is_translated(domain: str) -> None:
    catalogue = catalogues.merged("fr", domain, sources()[domain])
    assert catalogues.missing(catalogue) == [], (
        "run `python -m app.commands translations` and translate what it lists"
    )


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_no_translation_is_left_of_a_sentence_that_is_gone(domain: str) -> None:
    said = {catalogues._first(message) for message in sources()[domain] if message.id}
    assert {catalogues._first(message) for message in kept(domain)} <= said, (
        "run `python -m app.commands translations`"
    )


def test_what_gettext_reads_is_what_the_catalogue_says() -> None:
    with catalogues.path_of("fr", "messages").with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in kept("messages"):
        if len(ids(message)) == 2:
            assert [compiled.ngettext(*ids(message), n) for n in (1, 2)] == texts(message)
        else:
            assert compiled.gettext(message.id) == message.string


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_translations_have_the_holes_of_their_sentence(domain: str) -> None:
    for message in kept(domain):
        wanted = {hole for text in ids(message) for hole in HOLE.findall(text)}
        for text in texts(message):
            assert set(HOLE.findall(text)) <= wanted, text
        assert {hole for text in texts(message) for hole in HOLE.findall(text)} == wanted, message.id


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_french_is_set_as_french_is_printed(domain: str) -> None:
    for message in kept(domain):
        for text in texts(message):
            assert faults_in(text) == [], text


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_english_is_set_with_the_signs_of_print(domain: str) -> None:
    said = [text for message in sources()[domain] if message.id for text in ids(message)]
    assert said
    assert [text for text in said if re.search(r"""['"]|\.\.\.""", text)] == []


def test_the_agendas_that_come_with_the_product_are_set_alike_and_speak_of_groups_and_actions() -> None:
    """What stands on the screens is said in the words of the product: there a cluster is a group and a card an action."""
    for name in ("niamey", "followup"):
        for row in sheet(f"{name}/agenda.csv"):
            for column in ("name", "instruction"):
                assert not re.search(r"['\"]|cluster|\bcards?\b", row[f"{column}_en"], re.IGNORECASE), row
                assert faults_in(row[f"{column}_fr"]) == [], row


def sheet(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults_in(text: str) -> list[str]:
    """What a French typesetter would mend."""
    found = []
    plain = HOLE.sub("x", text)
    if re.search(r"[^\s\d](?<![\u00a0])[:](?=\s|$)", plain):
        found.append("no space before a colon")
    if re.search(r"[^\u202f][;!?](?=\s|$|\u00a0)", plain):
        found.append("no thin space before ; ! ?")
    if re.search(r" [:;!?»]|« ", plain):
        found.append("a breaking space where the line must not break")
    if re.search(r"«[^\u00a0]|[^\u00a0]»", plain):
        found.append("no space inside guillemets")
    if "'" in plain or '"' in plain or "..." in plain:
        found.append("typewriter signs")
    return found


def test_the_typesetter_sees_what_is_wrong() -> None:
    assert faults_in("Attention: trop!") == ["no space before a colon", "no thin space before ; ! ?"]
    assert faults_in(f"« oui » ; l'un{WIDE}: deux") != []
    assert faults_in(f"«{WIDE}oui{WIDE}»{THIN}; l’un{WIDE}: deux à 09:30") == []


def test_plurals_reach_the_browser_in_both_forms() -> None:
    strings = languages.browser_strings("fr")
    plurals = [message for message in kept("browser") if len(ids(message)) == 2]
    assert plurals
    assert all(strings[ids(message)[0]] == texts(message) for message in plurals)


def test_english_needs_no_strings() -> None:
    assert languages.browser_strings("en") == {}


def test_what_is_wrong_with_an_import_can_be_said_in_french() -> None:
    known = {message.id for message in kept("messages")}
    assert set(SENTENCES.values()) <= known


def test_a_page_gets_what_its_scripts_say_wherever_it_is_written() -> None:
    """Seen on the wall: a rule in words that lies among the console's scripts stayed English."""
    rule = "%(points)s points per factor, at most %(cap)s on one group"
    assert all(rule in languages.first_strings("fr", page) for page in ("console", "wall"))
    board = languages.first_strings("fr", "board").keys() | languages.later_strings("fr", "board").keys()
    assert board == languages.browser_strings("fr", "board").keys()
