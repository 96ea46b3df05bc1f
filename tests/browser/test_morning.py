"""The first morning, from arrival to the first reveal, by one person at the console: A0 to A6 of the Niamey agenda."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.client import Client
from tests.server import Server

SEATS = 12


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("morning"))
    running.start()
    yield running
    running.stop()


def stage(page: Page) -> Locator:
    return page.get_by_role("region", name="The round")


def press(page: Page, name: str) -> None:
    stage(page).get_by_role("button", name=re.compile(f"^{name}")).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_a_morning_from_arrival_to_the_first_reveal(
    server: Server, context_for: Callable[..., BrowserContext]
) -> None:
    links = server.links
    seats = [Client(link).connect() for link in links["participants"][1:SEATS]]
    console = context_for("laptop", locale="en-GB").new_page()
    brussels = context_for((768, 1024), locale="en-GB").new_page()
    phone = context_for("phone", locale="en-GB").new_page()
    wall = context_for("wall", locale="en-GB").new_page()
    try:
        for page, link in (
            (console, links["facilitator"]),
            (brussels, links["co_facilitator"]),
            (phone, links["participants"][0]),
            (wall, links["wall"]),
        ):
            page.goto(link)
        arrive(console, wall)
        insert_a_round(console, phone)
        speak_in_turn(console, phone)
        reach_every_screen(console, phone, wall)
        hand_over(console, brussels)
        console = assess(console, phone, wall, seats)
        reveal(console, phone, wall)
        seats[0].wait(lambda: seats[0].replica.all("tallies"))
        assert seats[0].replica.all("tallies")[0]["ballots"] == len(seats)
    finally:
        for seat in seats:
            seat.close()


def next_round(console: Page) -> None:
    """Finish what runs, go on to the next, start it: three buttons in the same place."""
    press(console, "Finish")
    press(console, "Next:")
    press(console, "Start")
    expect(stage(console).get_by_role("button", name="Pause")).to_be_visible()


def arrive(console: Page, wall: Page) -> None:
    """A0 welcomes, A1 points to practice, A2 is the Director General's."""
    press(console, "Start")
    expect(wall.get_by_alt_text("QR code to join").first).to_be_visible()
    next_round(console)  # A1, the warm-up
    next_round(console)  # A2
    expect(wall.get_by_role("heading", name="Opening by the Director General")).to_be_visible()


def insert_a_round(console: Page, phone: Page) -> None:
    """A round nobody had planned: made in one dialog, moved without a drag, and taken out again."""
    agenda = console.get_by_role("navigation", name="Agenda")
    agenda.get_by_role("button", name="New round").click()
    dialog(console).get_by_role("button", name="Add to the agenda").click()
    expect(dialog(console).get_by_text("Give the round a name")).to_be_visible()
    dialog(console).get_by_label("EN Name").fill("A word of the union")
    dialog(console).get_by_label("What happens").select_option("brief")
    start = dialog(console).get_by_label("Planned start")
    start.fill("9h10")
    start.press("Tab")
    expect(start).to_have_value("09:10")
    dialog(console).get_by_role("button", name="Add to the agenda").click()
    row = agenda.get_by_role("listitem").filter(has_text="A word of the union")
    expect(row).to_be_visible()
    expect(phone.get_by_text("A word of the union")).to_be_visible()  # among what comes next
    agenda.get_by_role("button", name="Change", exact=True).click()
    later = row.get_by_role("button", name="Later: A word of the union")
    later.click()
    expect(agenda.get_by_role("listitem").nth(4)).to_contain_text("A word of the union")
    expect(later).to_be_focused()  # whoever moves by keyboard presses again
    later.press("Alt+ArrowUp")
    expect(agenda.get_by_role("listitem").nth(3)).to_contain_text("A word of the union")
    row.get_by_role("button", name="Take out").click()
    expect(row).to_have_count(0)
    assert console.evaluate("document.activeElement !== document.body")
    agenda.get_by_role("button", name="Done").click()
    agenda.get_by_role("button", name="Opening by the Director General").click()


def speak_in_turn(console: Page, phone: Page) -> None:
    """A hand goes up on a phone, the console gives the floor, the phone says so."""
    phone.get_by_role("button", name="Ask to speak").click()
    hands = console.get_by_role("region", name="Asking to speak")
    hands.get_by_role("button", name="Give the floor").click()
    expect(phone.get_by_text("You have the floor.")).to_be_visible()
    # Pressed twice, as two facilitators may at one moment: the second is told that it came too late.
    hands.get_by_role("button", name="Has spoken").evaluate("button => (button.click(), button.click())")
    expect(phone.get_by_text("You have the floor.")).to_have_count(0)
    expect(phone.get_by_role("button", name="Ask to speak")).to_be_visible()
    expect(console.locator(".toast", has_text="somebody removed it meanwhile")).to_be_visible()


def reach_every_screen(console: Page, phone: Page, wall: Page) -> None:
    """A message, one factor in the spotlight, everybody at that factor; and each person's way back."""
    screens = console.get_by_role("region", name="Every screen")
    screens.get_by_role("button", name="Message to all").click()
    dialog(console).get_by_label("English").fill("We go on at nine.")
    dialog(console).get_by_role("button", name="Send to all").click()
    expect(wall.get_by_text("We go on at nine.")).to_be_visible()
    phone.get_by_role("button", name="Read").click()
    expect(phone.get_by_role("button", name="Read")).to_have_count(0)
    screens.get_by_role("button", name="Bring everybody to factor 1").click()
    expect(phone.get_by_role("tab", name=re.compile("^1. "))).to_have_attribute("aria-selected", "true")
    spotlight(console)
    expect(wall.get_by_role("heading", name=re.compile("^1. Leadership"))).to_be_visible()
    phone.get_by_role("button", name="Back to what I was doing").click()
    expect(phone.get_by_role("button", name="Back to what I was doing")).to_have_count(0)
    screens.get_by_role("button", name="Take down").click()
    expect(wall.get_by_role("heading", name="Opening by the Director General")).to_be_visible()


def spotlight(console: Page) -> None:
    """Nothing is on the board yet, so the factor itself is shown."""
    console.get_by_role("region", name="Every screen").get_by_role("button", name="Show factor 1").click()


def hand_over(console: Page, brussels: Page) -> None:
    """One tap gives the wheel to Brussels; a command of the other then asks first, and takes it back."""
    console.get_by_role("button", name=re.compile("^Hand over to")).click()
    expect(brussels.get_by_text("You see everything")).to_have_count(0)
    expect(console.get_by_text("runs the seminar")).to_be_visible()
    press(console, "Finish")
    dialog(console).get_by_role("button", name="Take over and go on").click()
    expect(brussels.get_by_text("runs the seminar")).to_be_visible()
    for _ in range(2):  # A3 and A4
        press(console, "Next:")
        press(console, "Start")
        press(console, "Finish")


def assess(console: Page, phone: Page, wall: Page, seats: list[Client]) -> Page:
    """A5: sealed scores. No figure anywhere; the console's tab dies in the middle and nothing depends on it."""
    press(console, "Next:")
    press(console, "Start")
    expect(stage(console).get_by_role("heading", level=2)).to_contain_text("Silent assessment")
    seats[0].wait(lambda: seats[0].round("A5")["epoch"])
    round_ = seats[0].round("A5")
    factors = [factor["id"] for factor in seats[0].replica.all("factors")]
    link, context = console.url, console.context
    console.close()
    for number, seat in enumerate(seats):
        scores = {factor: 1 + (number + place) % 5 for place, factor in enumerate(factors)}
        seat.do("ballot.cast", round="A5", epoch=round_["epoch"], revision=1, choices=scores)
    expect(wall.locator(".bar")).to_have_count(0)
    expect(phone.locator(".bar")).to_have_count(0)
    console = context.new_page()
    console.goto(link)
    expect(console.get_by_text("frozen", exact=True)).to_be_visible()
    press(console, "Close the vote")
    expect(stage(console).get_by_text("To publish")).to_be_visible()
    expect(wall.locator(".bar")).to_have_count(0)
    return console


def first_bar(page: Page) -> Locator:
    """The factor in the published result: its place is the scene of the wall, and the body of a phone's page."""
    return page.locator("#wall-scene, #board-body").get_by_text("Leadership and Commitment").first


def reveal(console: Page, phone: Page, wall: Page) -> None:
    """Count and publish, then A6: the first figures, on every screen at once."""
    press(console, "Count and publish")
    dialog(console).get_by_role("button", name="Count and publish").click()
    expect(first_bar(wall)).to_be_visible()
    press(console, "Next:")
    press(console, "Start")
    expect(stage(console).get_by_role("heading", level=2)).to_contain_text("Reveal")
    for page in (wall, phone):
        expect(first_bar(page)).to_be_visible()
