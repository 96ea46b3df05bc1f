"""A07: how many seats take part stands beside the round on every live page; that some were added is told. Both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client
from tests.server import Server

SEATS = 6
# What stands there: while the round runs; after two more have come, at its close and between the rounds; once they are counted.
WORDS = {
    "fr": (
        "8 sièges dans la séquence",
        "2 sièges ajoutés depuis son début",
        "2 sièges ajoutés depuis le début de la dernière séquence",
        "10 sièges dans la séquence · 2 de plus",
    ),
    "en": (
        "8 seats in the round",
        "2 seats were added since it began",
        "2 seats were added since the last round began",
        "10 seats in the round · 2 more",
    ),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    running.start()
    yield running
    running.stop()


def test_a07_everybody_sees_how_many_seats_there_are_and_that_some_were_added(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    links = server.links
    seats = [Client(link) for link in links["participants"][2 : 2 + SEATS]]
    phones: dict[str, Page] = {}
    for n, language in enumerate(WORDS):
        phones[language] = context_for("phone", locale={"fr": "fr-FR", "en": "en-GB"}[language]).new_page()
        phones[language].goto(links["participants"][n])
    wall = context_for("wall", locale="en-GB").new_page()
    wall.goto(links["wall"])
    console = context_for("laptop", locale="en-GB").new_page()
    console.goto(links["co_facilitator"])
    chair = Client(links["facilitator"]).connect()
    chair.command("start", "B1")
    for language, phone in phones.items():
        expect(phone.locator("#board-roster")).to_have_text(WORDS[language][0])
    expect(wall.locator(".wall-roster")).to_have_text(WORDS["en"][0])
    expect(console.locator("[data-roster]")).to_have_text(WORDS["en"][0])
    seats += [Client(link) for link in links["participants"][20:22]]
    # Nothing moves while the round is sealed: who comes then may be who wrote.
    chair.wait(lambda: chair.last("presence").get("frozen"))
    for language, phone in phones.items():
        expect(phone.locator("#board-roster")).to_have_text(WORDS[language][0])
    chair.command("close", "B1")
    for language, phone in phones.items():
        expect(phone.locator("#board-roster")).to_contain_text(WORDS[language][1])
    expect(console.locator("[data-roster]")).to_contain_text(WORDS["en"][1])
    chair.command("publish", "B1")
    for language, phone in phones.items():
        expect(phone.locator("#board-roster")).to_have_text(WORDS[language][2])
    chair.command("start", "B5")
    for language, phone in phones.items():
        expect(phone.locator("#board-roster")).to_contain_text(WORDS[language][3])
    expect(wall.locator(".wall-roster")).to_contain_text(WORDS["en"][3])
    chair.close()
