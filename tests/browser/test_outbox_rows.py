"""X06, X07: two tabs of one seat, and a browser that keeps nothing: what is written arrives once, and nobody is deceived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client
from tests.server import Server

ROUND = "B1"


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[tuple[Server, Client]]:
    """A server whose writing round runs, and its chair."""
    server = Server(tmp_path)
    server.start()
    others = [Client(link).connect() for link in server.links["participants"][10:15]]
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", ROUND)
    for client in others:
        client.close()
    yield server, chair
    chair.close()
    server.stop()


def write(page: Page, text: str) -> None:
    page.locator("#board-foot textarea").fill(text)
    page.locator("#board-foot textarea").press("Control+Enter")


def published(chair: Client) -> list[str]:
    chair.command("close", ROUND)
    if chair.round(ROUND)["state"] == "closed":
        chair.command("publish", ROUND)
    return [card["text"] for card in chair.replica.all("cards")]


def test_x06_two_tabs_send_one_outbox_once(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    server, chair = writing
    context = context_for("laptop", locale="en-GB")
    first = context.new_page()
    first.goto(server.links["participants"][0])
    second = context.new_page()
    second.goto(first.url)
    expect(second.locator("#board-foot textarea")).to_be_visible()
    context.set_offline(True)
    write(first, "Écrit sans réseau")
    expect(first.get_by_text("Écrit sans réseau")).to_be_visible()
    context.set_offline(False)
    second.reload()
    for page in (first, second):
        expect(page.get_by_text("Écrit sans réseau")).to_be_visible()
        expect(page.get_by_text("In the urn").first).to_be_visible(timeout=40_000)
    assert published(chair).count("Écrit sans réseau") == 1


def test_x07_a_browser_that_keeps_nothing_says_so_before_anything_is_sent(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    server, chair = writing
    context = context_for("phone", locale="en-GB")
    context.add_init_script(
        "indexedDB.open = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    page = context.new_page()
    page.goto(server.links["participants"][0])
    expect(page.get_by_text("This browser keeps nothing.")).to_be_visible()
    write(page, "Écrit sans mémoire")
    expect(page.get_by_text("In the urn").first).to_be_visible()
    assert published(chair).count("Écrit sans mémoire") == 1
