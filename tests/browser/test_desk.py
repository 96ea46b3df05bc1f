"""The scribe's desk by keyboard alone: the seat's number once, then card after card with Enter; nothing of it but on that desk."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client
from tests.server import Server

DATA = Path(__file__).resolve().parents[2] / "app/data/niamey"
ROUND = "B1"
# What the desk's browser holds, as text.
KEPT = """async () => {
  const asked = indexedDB.open("palabre");
  const open = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const all = open.transaction("kept").objectStore("kept").getAll();
  return JSON.stringify(await new Promise((done) => { all.onsuccess = () => done(all.result); }));
}"""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[Server, Client]]:
    """A server whose writing round runs, with five people at devices of their own."""
    server = Server(tmp_path)
    server.start()
    people = [Client(link).connect() for link in server.links["participants"][:5]]
    chair = Client(server.links["facilitator"]).connect()
    chair.command("start", ROUND)
    yield server, chair
    for client in (*people, chair):
        client.close()
    server.stop()


def at_table(table: str) -> list[str]:
    """The numbers on the sheets of a table's people."""
    with (DATA / "participants.csv").open(encoding="utf-8", newline="") as file:
        return [str(n) for n, row in enumerate(csv.DictReader(file), 1) if row["table"] == table]


def at_length(many: int) -> list[str]:
    """So many texts, each as long as the seminar's cards are on average, less what names the person."""
    with (DATA / "cards.csv").open(encoding="utf-8", newline="") as file:
        lengths = [len(row["text_fr"]) for row in csv.DictReader(file)]
    usual = sum(lengths) // len(lengths) - len("Dictated by 00: ")
    return [f"number {n} ".ljust(usual, "x") for n in range(1, many + 1)]


def tab_to(page: Page, element: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == element:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {element} by keyboard")


def test_twelve_dictated_cards_by_keyboard_alone(
    room: tuple[Server, Client], context_for: Callable[..., BrowserContext]
) -> None:
    server, chair = room
    desk = context_for("laptop", locale="en-GB").new_page()
    desk.goto(server.links["scribe"])
    expect(desk.locator("#desk-mark")).to_be_visible()
    tab_to(desk, "desk-mark")

    # A seat of another table is none of this desk's: Enter does not lead on to the box.
    desk.keyboard.type(at_table("T2")[0])
    expect(desk.get_by_text("No seat of your desk has this number.")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("#desk-mark")).to_be_focused()
    desk.keyboard.press("Control+A")

    dictated, keys = [], 0
    said = iter(at_length(12))
    for mark in at_table("T1")[:4]:
        desk.keyboard.type(mark)
        desk.keyboard.press("Enter")
        keys += len(mark) + 1
        for _ in range(3):
            dictated.append(f"Dictated by {mark}: {next(said)}")
            desk.keyboard.type(dictated[-1])
            desk.keyboard.press("Enter")
            keys += 1
        # Only the cards of the seat in front of the desk are shown, each confirmed by the urn.
        expect(desk.locator("#board-body .card-own")).to_have_count(3)
        expect(desk.locator("#board-body .card-pending")).to_have_count(0)
        desk.locator("#desk-mark").press("Control+A")
        keys += 2
    # Beside the words themselves: who it is, and where a card ends. A slow hand of two keys a second has time left for listening.
    written = sum(map(len, dictated))
    print(
        f"12 cards: {written} keys of words, {keys} others; {(written + keys) / 2:.0f} s at two keys a second"
    )
    assert keys <= 32
    assert (written + keys) / 2 < 8 * 60

    # What was entered outlives a reload of the desk, and is changed there.
    desk.reload()
    tab_to(desk, "desk-mark")
    desk.keyboard.type(at_table("T1")[0])
    expect(desk.locator("#board-body .card-own")).to_have_count(3)
    desk.locator("#board-body").get_by_role("button", name="Withdraw").first.press("Enter")
    expect(desk.locator("#board-body .card-own")).to_have_count(2)

    while '"withdrawn":true' in desk.evaluate(KEPT):
        desk.wait_for_timeout(50)  # its answer is on the way

    chair.command("close", ROUND)
    chair.wait(lambda: len(chair.replica.tables.get("cards", {})) == 11)
    assert {card["text"] for card in chair.replica.tables["cards"].values()} < {
        text.strip() for text in dictated
    }
    chair.command("publish", ROUND)
    expect(desk.locator("#desk-mark")).to_have_count(0)
    expect(desk.get_by_text("Dictated by").first).to_be_visible()
    assert "secret" not in desk.evaluate(KEPT)
