"""Paper from the room's first tick to the wall: who has no device is counted, two people type one sheet, hands are shown apart."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.client import Client
from tests.server import Server
from tests.workshops import AGENDA_HEADER, workshop

DATA = Path(__file__).resolve().parents[2] / "app/data/niamey"
ROUND = "A5"
SCORES = "4352145324"
FIRST_FIVE = 5


def seats_at(table: str) -> list[str]:
    """The numbers on the sheets of a table's people, without those who are at devices in these tests."""
    with (DATA / "participants.csv").open(encoding="utf-8", newline="") as file:
        numbered = list(enumerate(csv.DictReader(file), 1))
    return [str(n) for n, row in numbered if row["table"] == table and n > FIRST_FIVE]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[Server, list[Client]]]:
    """A server with five people at devices of their own, before the first round; the chair's client is the last."""
    server = Server(tmp_path)
    server.start()
    people = [Client(link).connect() for link in server.links["participants"][:FIRST_FIVE]]
    chair = Client(server.links["facilitator"]).connect()
    yield server, [*people, chair]
    for client in (*people, chair):
        client.close()
    server.stop()


def page_of(client: Client, context: BrowserContext, name: str) -> Page:
    """One of a client's pages, under its own session."""
    context.add_cookies(
        [{"name": c.name, "value": c.value, "url": client.base} for c in client.session.cookies]
    )
    page = context.new_page()
    page.goto(client.base + client.page["urls"][name])
    return page


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def press(page: Page, keys: str, lands_on: str) -> int:
    """Type, and Enter; the cursor goes on by itself. Returns how many keys that took."""
    page.keyboard.type(keys)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{lands_on}")).to_be_focused()
    return len(keys) + 1


def type_sheet(page: Page, seat: str, scores: str) -> int:
    """A whole sheet by keyboard alone, from the seat's number to its entry. Returns how many keys that took."""
    keys = press(page, seat, "paper-row-1")
    for line, score in enumerate(scores, 1):
        keys += press(page, score, f"paper-row-{line + 1}" if line < len(scores) else "paper-send")
    page.keyboard.press("Enter")
    return keys + 1


def test_the_sheets_of_those_without_a_device_from_the_first_tick_to_the_wall(
    room: tuple[Server, list[Client]], context_for: Callable[..., BrowserContext]
) -> None:
    server, [*people, chair] = room
    first, *others = seats_at("T1")
    scribe = context_for("laptop", locale="en-GB").new_page()
    scribe.goto(server.links["scribe"])

    # Before the first round the desk opens by itself; who is ticked is in the roster, and the others are not.
    for seat in (first, others[0]):
        box = scribe.locator(f'[data-here="{seat}"]')
        box.focus()
        scribe.keyboard.press("Space")
        expect(box).to_be_checked()
    expect(scribe.locator(".room-here .count")).to_have_text("2")
    chair.command("start", ROUND)
    assert chair.round(ROUND)["roster"] == FIRST_FIVE + 2

    # The vote opens the form; a seat of another table is none of this desk's.
    scribe.locator("#paper-seat").focus()
    scribe.keyboard.type(seats_at("T2")[0])
    expect(scribe.get_by_text("No seat of your desk has this number.")).to_be_visible()
    scribe.keyboard.press("Control+A")
    keys = type_sheet(scribe, first, SCORES)
    print(f"a sheet of {len(SCORES)} lines: {keys} keys")
    assert keys <= 2 * len(SCORES) + len(first) + 3
    expect(
        scribe.get_by_text(f"Seat {first} is entered. It counts once a second person has entered the same.")
    ).to_be_visible()
    expect(scribe.get_by_text("1 waits for a second person")).to_be_visible()
    assert focused(scribe) == "paper-seat"

    # A second person, in the console's room desk, reads one line otherwise, looks again, and agrees.
    desk = page_of(chair, context_for("phone", locale="en-GB"), "desk")
    desk.locator("#paper-seat").focus()
    type_sheet(desk, first, "1" + SCORES[1:])
    expect(desk.get_by_text("Another person has read something else on this sheet.")).to_be_visible()
    assert desk.locator("#paper-row-1").input_value() == "1", "what was typed is still there"
    desk.locator("#paper-row-1").fill(SCORES[0])
    desk.locator("#paper-send").press("Enter")
    expect(
        desk.get_by_text(f"Seat {first}: two people have read the same. Tear off the stub.")
    ).to_be_visible()
    assert not Axe().run(desk).response["violations"]
    assert desk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")

    # One of the five votes on a phone and hands in a sheet as well; four more sheets come after the bell.
    round_ = chair.round(ROUND)
    at = {"round": ROUND, "epoch": round_["epoch"]}
    factors = [target["id"] for target in round_["ballot"]]
    hands = Client(server.links["scribe"]).connect()
    on_phone = people[0]
    on_phone.do("ballot.cast", **at, revision=1, choices=dict.fromkeys(factors, 5))
    chair.command("close", ROUND)
    expect(scribe.locator("#paper-seat")).to_be_visible()
    for seat in others[:4]:
        for who in (hands, chair):
            who.do("ballot.paper", **at, seat=seat, choices=dict.fromkeys(factors, 3))
    for who in (chair, chair):
        who.do("ballot.paper", **at, seat="1", choices=dict.fromkeys(factors, 1))
    console = page_of(chair, context_for("laptop", locale="en-GB"), "console")
    expect(console.get_by_text("6 sheets on paper entered")).to_be_visible()
    expect(console.get_by_text("1 waits for a second person")).to_be_visible()

    # The table shows hands once the vote is closed; nobody sees them before it is published.
    scribe.locator("summary", has_text="Show of hands").press("Enter")
    scribe.locator("#hands-present").fill("6")
    scribe.locator("#hands-3").fill("5")
    scribe.locator("#hands-3").press("Enter")
    expect(scribe.get_by_text("Entered. Everybody sees it once the vote is published.").last).to_be_visible()
    assert not on_phone.replica.all("handcounts")

    chair.command("publish", ROUND)
    (tally,) = chair.replica.all("tallies")
    assert (tally["ballots"], tally["paper"]) == (6, {"counted": 5, "unconfirmed": 0, "overruled": 1})
    assert tally["rows"][0]["total"] == 5 + 4 * 3 + int(SCORES[0]), "the hands are in no figure"
    expect(scribe.get_by_text("5 of these ballots came on paper.").first).to_be_visible()
    expect(
        scribe.get_by_text("1 sheet of paper was not counted: its seat had voted on a device.").first
    ).to_be_visible()
    expect(
        scribe.get_by_text("Show of hands: not secret, and in no figure of the vote").first
    ).to_be_visible()
    wall = page_of(chair, context_for("wall", locale="en-GB"), "wall")
    expect(wall.get_by_text("5 of these ballots came on paper.")).to_be_visible()
    wall.keyboard.press("ArrowRight")
    expect(wall.locator(".wall-hands")).to_contain_text("Show of hands: not secret")
    hands.close()


FACTOR = "F03"  # Transparency
ACTIONS = [
    "Publier les délais",
    "Afficher les droits",
    "Ouvrir un guichet",
    "Publier les décisions",
    "Tenir une réunion",
]
VOTES = {
    "points": "points:round,cards,4,3",
    "choose": "choose:round,cards,2,",
    "rank": "rank,cards,3,",
    "consent": "consent,cards,,",
}
AGENDA = f"{AGENDA_HEADER}\n1,1,09:00,09:30,30,post,post,post,post,all,sealed,3,no,,,,,ring,\n" + "".join(
    f"{n},1,09:00,09:30,30,{name},{name},{name},vote,all,,,,{rules},ring,\n"
    for n, (name, rules) in enumerate(VOTES.items(), 2)
)
# What is typed after the seat's number, each with Enter, and what that sheet says: line -> choice.
TYPED = {
    "points": (["2", "3", "5", "1"], {2: 3, 5: 1}),
    # Typed twice, a line is taken out again.
    "choose": (["1", "3", "1", "4"], {3: True, 4: True}),
    "rank": (["4", "1", "2", "1", "3"], {4: 1, 2: 2, 3: 3}),
}


@pytest.fixture
def votes(server: Server) -> Iterator[tuple[Client, list[Client]]]:
    """A workshop with a vote of each kind of sheet on five published actions."""
    chair, codes = workshop(server, AGENDA, 8)
    seats = [Client.with_code(chair.page["join"]["url"], code).connect() for code in codes[:6]]
    chair.command("start", "post")
    for seat, action in zip(seats, ACTIONS, strict=False):
        seat.wait(lambda seat=seat: seat.replica.head >= chair.replica.head)
        seat.post("post", FACTOR, action)
    chair.command("close", "post")
    chair.command("publish", "post")
    yield chair, seats
    for client in (*seats, chair):
        client.close()


def test_by_its_number_each_line_is_reached_and_every_kind_of_sheet_read(
    votes: tuple[Client, list[Client]], context_for: Callable[..., BrowserContext]
) -> None:
    chair, _ = votes
    desk = page_of(chair, context_for("laptop", locale="en-GB"), "desk")
    sent: list[str] = []
    desk.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    desk.reload()
    for name, (typed, expected) in TYPED.items():
        chair.command("start", name)
        expect(desk.get_by_role("heading", name=f"Ballots on paper · {name}")).to_be_visible()
        desk.locator("#paper-seat").focus()
        press(desk, "7", "paper-code")
        for place, keys in enumerate(typed):
            leads_on = name == "points" and place % 2 == 0
            press(desk, keys, f"paper-row-{keys}" if leads_on else "paper-code")
        press(desk, "9", "paper-code")
        expect(desk.get_by_text("No line 9 on this seat’s sheet.")).to_be_visible()
        press(desk, "", "paper-send")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("Seat 7 is entered.")).to_be_visible()
        listed = [target["id"] for target in chair.round(name)["ballot"]]
        frame = next(frame for frame in reversed(sent) if "ballot.paper" in frame)
        for line, choice in expected.items():
            assert f'"{listed[line - 1]}":{str(choice).lower()}' in frame, (name, line)
        # The wrong seat: its sheet is taken back with one key on its number.
        desk.get_by_role("button", name="7", exact=True).click()
        desk.get_by_role("button", name="Wrong seat: take its sheet back").click()
        expect(desk.get_by_text("Seat 7: the sheet is taken back.")).to_be_visible()
        chair.command("void", name)

    # A reserve has words; and what cannot be read is shown where it stands, with everything that was typed.
    chair.command("start", "consent")
    expect(desk.get_by_role("heading", name="Ballots on paper · consent")).to_be_visible()
    desk.locator("#paper-seat").focus()
    press(desk, "7", "paper-row-1")
    press(desk, "2", "paper-row-1-words")
    press(desk, "Only with a budget", "paper-row-2")
    press(desk, "7", "paper-row-3")
    desk.locator("#paper-send").click()
    expect(desk.get_by_text("Line 2 cannot be read as it is typed.")).to_be_visible()
    assert focused(desk) == "paper-row-2"
    desk.locator("#paper-row-2").fill("3")
    desk.locator("#paper-send").click()
    expect(desk.get_by_text("Seat 7 is entered.")).to_be_visible()
    frame = next(frame for frame in reversed(sent) if "ballot.paper" in frame)
    assert '{"reserve":"Only with a budget"}' in frame
    assert "opposed" in frame
