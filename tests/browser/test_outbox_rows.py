"""X05-X07, P14: two tabs of one seat, a text that is gone meanwhile, a browser that keeps nothing, and one that must forget."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.held import HELD
from tests.client import Client
from tests.server import Server

ROUND = "B1"
OWN = """async () => {
  const opening = indexedDB.open("palabre");
  const open = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const asked = open.transaction("kept").objectStore("kept");
  const read = (one) => new Promise((done) => { one.onsuccess = () => done(one.result); });
  const [keys, values] = await Promise.all([read(asked.getAllKeys()), read(asked.getAll())]);
  open.close();
  return values[keys.findIndex((key) => key.endsWith("/mine"))].texts;
}"""


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


class Held:
    """A road on which operations stay until they may go on; everything else passes."""

    def __init__(self) -> None:
        self.frames: list[str | bytes] = []
        self._server: Any = None
        self._goes_on = False

    def between(self, page: Any) -> None:
        self._server = server = page.connect_to_server()
        page.on_message(self._from_page)
        server.on_message(page.send)

    def _from_page(self, frame: str | bytes) -> None:
        if self._goes_on or '"submit"' not in str(frame):
            self._server.send(frame)
        else:
            self.frames.append(frame)

    def go_on(self) -> None:
        self._goes_on = True
        for frame in self.frames:
            self._server.send(frame)


def own_text(page: Page) -> dict[str, Any]:
    """What this browser keeps of the one text written here."""
    (own,) = page.evaluate(OWN)
    return dict(own)


def elsewhere(page: Page) -> Client:
    """The same seat in another tab's place: with the page's cookies, and a road of its own."""
    session = requests.Session()
    for cookie in page.context.cookies():
        session.cookies.set(str(cookie.get("name")), str(cookie.get("value")))
    return Client(page.url, session=session).connect()


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


def test_x06_what_one_tab_takes_back_waits_for_the_other_tab_to_post_it(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    """Else it comes too early, finds nothing in the urn, and the text that follows is there for good and on no page."""
    server, chair = writing
    context = context_for("laptop", locale="en-GB")
    second = context.new_page()
    second.goto(server.links["participants"][0])
    expect(second.locator("#board-foot textarea")).to_be_visible()
    first, held = context.new_page(), Held()
    first.route_web_socket(re.compile("socket.io"), held.between)
    first.goto(second.url)
    expect(first.locator("#board-foot textarea")).to_be_visible()
    write(first, "Trop tôt")
    expect(second.locator(".card-own .card-text")).to_have_text("Trop tôt")
    second.locator("[data-act=withdraw]").click()
    expect(second.locator(".card-own")).to_have_count(0)
    second.wait_for_timeout(1000)
    assert held.frames, "the first tab has sent nothing"
    assert own_text(second)["withdrawn"], "forgotten before the urn has it"
    held.go_on()
    deadline = time.monotonic() + 20
    while first.evaluate(OWN):
        assert time.monotonic() < deadline, "it was never taken back"
        first.wait_for_timeout(100)
    assert published(chair) == []


def test_x05_an_edit_of_a_text_that_is_gone_comes_back_as_a_draft(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    server, chair = writing
    page = context_for("phone", locale="en-GB").new_page()
    page.goto(server.links["participants"][0])
    write(page, "Première version")
    expect(page.get_by_text("In the urn").first).to_be_visible()
    own, other = own_text(page), elsewhere(page)
    page.context.set_offline(True)
    for words in ("Deuxième version", "Troisième version"):
        page.locator("[data-act=edit]").click()
        page.locator("#editor").fill(words)
        page.get_by_role("button", name="Seal the new wording").click()
        expect(page.locator(".card-own .card-text")).to_have_text(words)
    at = {name: own[name] for name in ("round", "epoch", "secret")}
    other.do("card.withdraw", **at, revision=own["revision"] + 1)
    page.context.set_offline(False)
    draft = page.locator(".late .card").filter(has_text="Troisième version")
    expect(draft).to_be_visible(timeout=40_000)
    expect(draft).to_contain_text("no longer there")
    other.close()
    assert published(chair) == []


def test_p14_one_tap_and_this_device_has_nothing_to_show(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    server, chair = writing
    page = context_for("phone", locale="en-GB").new_page()
    page.goto(server.links["participants"][0])
    expect(page.locator("[data-act=forget]")).to_have_count(0)
    write(page, "Une vérité")
    expect(page.get_by_text("In the urn").first).to_be_visible()
    page.locator("#board-foot textarea").fill("Encore une phrase")
    assert "Une vérité" in page.evaluate(HELD)
    page.locator("[data-act=forget]").click()
    expect(page.locator(".toast", has_text="This device has forgotten")).to_be_visible()
    for _ in range(2):
        assert "Une vérité" not in page.content()
        held = page.evaluate(HELD)
        assert "Une vérité" not in held and "Encore une phrase" not in held
        page.reload()
        expect(page.locator("#board-foot textarea")).to_have_value("")
    # It stays in the urn, counts, and cannot be written a second time.
    expect(page.get_by_text("2 actions left")).to_be_visible()
    assert published(chair) == ["Une vérité"]


def test_p14_after_the_publication_the_browser_has_forgotten_whose_its_text_is(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    """Nobody asks it to: who is told to show "my cards" afterwards has none."""
    server, chair = writing
    page = context_for("phone", locale="en-GB").new_page()
    page.goto(server.links["participants"][0])
    write(page, "Une vérité")
    expect(page.get_by_text("In the urn").first).to_be_visible()
    secret = own_text(page)["secret"]
    assert all(word in page.evaluate(HELD) for word in ("Une vérité", secret))
    assert published(chair) == ["Une vérité"]
    for _ in range(2):
        page.get_by_role("tab", name=re.compile("1 action$")).click()
        expect(page.locator(".card:not(.card-own)", has_text="Une vérité")).to_be_visible()
        held = page.evaluate(HELD)
        assert "Une vérité" not in held and secret not in held
        page.reload()


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


def test_x07_a_storage_that_fills_up_while_somebody_writes_is_told_and_nothing_is_lost(
    writing: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    """What is to be kept from then on stays in the page; what it held before goes on its way, too."""
    server, chair = writing
    page = context_for("phone", locale="en-GB").new_page()
    page.goto(server.links["participants"][0])
    write(page, "Écrit avant")
    expect(page.get_by_text("In the urn").first).to_be_visible()
    expect(page.get_by_text("This browser keeps nothing.")).to_have_count(0)
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    page.context.set_offline(True)
    write(page, "Écrit sans place")
    expect(page.get_by_text("This browser keeps nothing.")).to_be_visible()
    expect(page.get_by_text("Écrit sans place")).to_be_visible()
    expect(page.get_by_text("Écrit avant")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("In the urn")).to_have_count(2, timeout=40_000)
    assert {"Écrit avant", "Écrit sans place"} <= set(published(chair))
