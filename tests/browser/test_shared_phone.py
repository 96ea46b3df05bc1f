"""One phone, three people: each writes in turn behind a PIN, and the phone keeps nothing of whoever passed it on (P13)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.held import HELD
from tests.client import Client
from tests.server import Server

DATA = Path(__file__).resolve().parents[2] / "app/data/niamey"
ROUND = "B1"


@pytest.fixture
def sharing(tmp_path: Path) -> Iterator[tuple[Server, list[str]]]:
    """A server whose writing round runs, and the links of four people whom the list says to share a phone."""
    server = Server(tmp_path)
    server.start()
    with (DATA / "participants.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    links = server.links["participants"]
    others = [Client(link).connect() for link in links[:5]]  # five seats at the least make a sealed round
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", ROUND)
    found = [link for link, row in zip(links, rows, strict=True) if row["device"] == "shared"]
    yield server, found[:4]
    for client in (*others, chair):
        client.close()
    server.stop()


def sit_down(page: Page, link: str, pin: str) -> str:
    """Take a seat on the phone and protect it; the page asks for the PIN by itself. Returns the address."""
    page.goto(link)
    page.get_by_label("Four digits").fill(pin)
    page.get_by_role("button", name="Keep this PIN").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    return page.url


def write(page: Page, text: str) -> None:
    page.locator("#board-foot textarea").fill(text)
    page.locator("#board-foot textarea").press("Control+Enter")
    expect(page.get_by_text(text)).to_be_visible()


def end_turn(page: Page) -> None:
    page.locator(".turn-button").click()
    # Exactly so: while something is not sent, the button says that it would be given up.
    page.get_by_role("dialog").get_by_role("button", name="End my turn", exact=True).click()
    expect(page.get_by_role("heading", name="This browser holds")).to_be_visible()


def test_p13_three_people_write_on_one_phone_and_leave_nothing_on_it(
    sharing: tuple[Server, list[str]], context_for: Callable[..., BrowserContext]
) -> None:
    server, (*links, fourth) = sharing
    phone = context_for("phone", locale="en-GB").new_page()
    seats = []
    for number, link in enumerate(links, 1):
        seats.append(sit_down(phone, link, str(number) * 4))
        # B1 gives each table its own factors: whom an action hides among is said before it is written.
        expect(phone.get_by_text(re.compile(r"comes from one of the \d+ of you"))).to_be_visible()
        write(phone, f"Words of person {number}")
        end_turn(phone)
        held = phone.evaluate(HELD)
        assert "Words of person" not in held
        assert seats[-1].split("/b/")[1].split("/")[0] not in held

    # The way back in history leads to no page of the person before.
    phone.go_back()
    expect(phone.get_by_role("heading", name="This browser holds 3 seats")).to_be_visible()
    assert "Words of person" not in phone.content()

    # Somebody else's digits open nothing; one's own do.
    first = phone.locator(f'form[action="/unlock/{seats[0].split("/b/")[1].split("/")[0]}"]')
    first.get_by_role("textbox").fill("2222")
    first.get_by_role("button", name="My turn").click()
    expect(phone.get_by_text("This is not the PIN")).to_be_visible()
    first.get_by_role("textbox").fill("1111")
    first.get_by_role("button", name="My turn").click()
    phone.wait_for_url(seats[0])

    # Without a connection the phone says what is unsent, and keeps it behind the PIN.
    expect(phone.locator("#board-foot textarea")).to_be_visible()
    phone.context.set_offline(True)
    write(phone, "Written without a link")
    phone.locator(".turn-button").click()
    expect(phone.get_by_role("dialog").get_by_text("not sent yet")).to_be_visible()
    phone.get_by_role("button", name="Show it to the scribe").click()
    expect(phone.get_by_role("dialog").get_by_text("Written without a link")).to_be_visible()
    phone.get_by_role("button", name="Go back").click()
    phone.context.set_offline(False)
    expect(phone.get_by_text("No connection.")).to_have_count(0, timeout=40_000)
    end_turn(phone)
    assert "Written without a link" not in phone.evaluate(HELD)

    # The PIN is asked for in the person’s language, though it is asked for before anything else.
    french = context_for("phone").new_page()
    french.goto(fourth)
    expect(french.get_by_role("dialog", name="Un code PIN pour votre siège")).to_be_visible()

    # Everything is in the urn, from three seats.
    chair = Client(server.links["facilitator"]).connect()
    chair.command("close", ROUND)
    chair.wait(lambda: len(chair.replica.tables.get("cards", {})) == 4)
    texts = {card["text"] for card in chair.replica.tables["cards"].values()}
    assert texts == {*(f"Words of person {n}" for n in (1, 2, 3)), "Written without a link"}
    chair.close()


def until_kept(page: Page, words: str) -> None:
    """Wait for it on the page: `wait_for_function` takes a promise for true."""
    look = f"while (!(await ({HELD})()).includes(words)) await new Promise((go_on) => setTimeout(go_on, 50))"
    page.evaluate(f"async (words) => {{ {look} }}", words)


def test_a_full_phone_offers_to_leave_a_seat_but_none_with_words_that_are_not_sent(
    sharing: tuple[Server, list[str]], context_for: Callable[..., BrowserContext]
) -> None:
    server, shared = sharing
    alone = [link for link in server.links["participants"] if link not in shared]
    phone = context_for("phone", locale="en-GB").new_page()
    handles = []
    for link in alone[:2]:
        phone.goto(link)
        handles.append(phone.url.split("/b/")[1].split("/")[0])
        if link == alone[0]:
            phone.locator("#board-foot textarea").fill("Half a sentence")
            until_kept(phone, "Half a sentence")
    until_kept(phone, f"{handles[1]}/")
    for link in alone[2:30]:
        assert phone.context.request.get(link, max_redirects=0).status == 303
    phone.goto(alone[30])
    expect(phone.get_by_role("heading", name="No room for another seat")).to_be_visible()
    first, second = (phone.locator("li", has=phone.locator(f"[data-leave='{handle}']")) for handle in handles)
    expect(first.get_by_text("not sent yet")).to_be_visible()
    expect(second.get_by_role("button", name="Leave this seat")).to_be_visible()
    expect(first.get_by_role("button", name="Leave this seat")).to_be_hidden()
    second.get_by_role("button", name="Leave this seat").click()
    phone.get_by_role("dialog").get_by_role("button", name="Leave this seat").click()
    phone.wait_for_url(re.compile(r"/b/\w+/$"))
    assert not any(handle in phone.url for handle in handles)
    held = phone.evaluate(HELD)
    assert "Half a sentence" in held
    assert handles[1] not in held
    phone.goto(f"{server.url}/b/{handles[0]}/")
    expect(phone.locator("#board-foot textarea")).to_have_value("Half a sentence")
