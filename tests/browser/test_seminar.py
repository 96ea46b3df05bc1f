"""One factor of the seminar in four real browsers and seven more seats: sealed writing, review, grouping, vote, expert, CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.client import Client, op
from tests.server import Server

DATA = Path(__file__).resolve().parents[2] / "app/data/niamey"
TABLE = "T4"  # its first factor is Automation
FACTOR = "F04"
OWN = "Brancher le paiement mobile aux guichets"
OFF_TOPIC = "La climatisation de la salle ne marche pas"
TEXTS = [
    "Encaisser par téléphone au lieu du guichet",
    "Paiement mobile pour les petits colis",
    "Suivre les camions par balise",
    "Balises sur les transits à risque",
    OFF_TOPIC,
    '=HYPERLINK("http://exemple.invalid";"cliquez")',
    "Former les agents au nouveau système",
]
EXPERT_REMARK = "The Revised Kyoto Convention, standard 7.3, points this way."


@pytest.fixture(scope="module")
def seminar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("seminar"))
    server.start()
    yield server
    server.stop()


def at_table(server: Server) -> list[str]:
    """The personal links of the people at the table."""
    with (DATA / "participants.csv").open(encoding="utf-8", newline="") as file:
        tables = [row["table"] for row in csv.DictReader(file)]
    links = server.links["participants"]
    return [link for link, table in zip(links, tables, strict=True) if table == TABLE]


def stage(page: Page) -> Locator:
    return page.get_by_role("region", name="The round")


def choose_round(console: Page, name: str) -> None:
    console.get_by_role("navigation", name="Agenda").get_by_role("button", name=name).click()
    stage(console).get_by_role("button", name=re.compile("^Start")).click()
    if name.startswith("Vote"):
        confirm(console, "Open the vote")  # two actions are in no group: the console said so
    expect(stage(console).get_by_role("button", name="Pause")).to_be_visible()


def confirm(page: Page, button: str) -> None:
    """Say yes to the dialog that names what cannot be undone."""
    page.get_by_role("dialog").get_by_role("button", name=re.compile(button)).click()


def test_one_factor_from_sealed_writing_to_the_csv(
    seminar: Server, context_for: Callable[..., BrowserContext]
) -> None:
    links = at_table(seminar)
    seats = [Client(link).connect() for link in links[1:8]]
    console = context_for("laptop", locale="en-GB").new_page()
    phone = context_for("phone", locale="en-GB").new_page()
    expert = context_for("laptop", locale="en-GB").new_page()
    wall = context_for("wall", locale="en-GB").new_page()
    for page, link in (
        (console, seminar.links["facilitator"]),
        (phone, links[0]),
        (expert, seminar.links["expert"]),
        (wall, seminar.links["wall"]),
    ):
        page.goto(link)
    try:
        write(console, phone, wall, seats)
        review(console, phone, wall)
        group(console, phone, seats)
        comment(expert, console)
        vote(console, phone, wall, seats)
        check_csv(seminar)
    finally:
        for seat in seats:
            seat.close()


def write(console: Page, phone: Page, wall: Page, seats: list[Client]) -> None:
    choose_round(console, "Silent writing, table’s first factor")
    expect(phone.get_by_role("heading", name="Silent writing, table’s first factor")).to_be_visible()
    phone.get_by_role("textbox").fill(OWN)
    phone.get_by_role("button", name="Seal it").click()
    expect(phone.get_by_text("In the urn")).to_be_visible()
    for seat, text in zip(seats, TEXTS, strict=True):
        seat.post("B1", FACTOR, text)
    # Sealed: on no other screen, not even the facilitator's.
    for page in (console, wall):
        for text in (OWN, *TEXTS):
            expect(page.get_by_text(text)).to_have_count(0)


def review(console: Page, phone: Page, wall: Page) -> None:
    stage(console).get_by_role("button", name="Close the writing").click()
    workspace = console.get_by_role("region", name="Workspace")
    expect(workspace.get_by_text("8 actions, in random order.")).to_be_visible()
    off_topic = workspace.get_by_role("listitem").filter(has_text=OFF_TOPIC)
    off_topic.get_by_role("button", name="Hold…").click()
    off_topic.get_by_role("button", name="Off topic").click()
    expect(off_topic.get_by_text("Held")).to_be_visible()
    expect(wall.get_by_text(OWN)).to_have_count(0)
    stage(console).get_by_role("button", name=re.compile("^Publish")).click()
    confirm(console, "Publish")
    expect(wall.get_by_text(TEXTS[0])).to_be_visible()
    phone.get_by_role("tab", name=re.compile("^4. Automation")).click()
    expect(phone.get_by_text(TEXTS[0])).to_be_visible()
    expect(phone.get_by_text(OFF_TOPIC)).to_have_count(0)


def group(console: Page, phone: Page, seats: list[Client]) -> None:
    """Two groups on the phone by ticking, one by an other seat; the facilitator names them."""
    choose_round(console, "Silent grouping per table, its two factors")
    phone.get_by_role("tab", name=re.compile("^4. Automation")).click()
    for text in (OWN, TEXTS[0], TEXTS[1]):
        phone.get_by_role("listitem").filter(has_text=text).get_by_role("checkbox").check()
    phone.get_by_role("button", name=re.compile("^Group")).click()
    # The bar that held the button goes away with what was ticked: the focus must not fall to the page.
    expect(phone.get_by_role("button", name=re.compile("^Group"))).to_have_count(0)
    assert phone.evaluate("document.activeElement !== document.body")
    hand = seats[0]
    hand.wait(lambda: len(hand.replica.all("clusters")) == 1)
    assert len([c for c in hand.replica.all("cards") if c["cluster"]]) == 3
    loose = {card["text"]: card["id"] for card in hand.replica.all("cards")}
    ticked = [{"card": loose[text], "seen": None} for text in (TEXTS[2], TEXTS[3])]
    hand.send(op("cluster.make", factor=FACTOR, cards=ticked, name=""))
    workspace = console.get_by_role("region", name="Workspace")
    expect(workspace.locator(".card-text", has_text=TEXTS[3])).to_be_visible()
    for member, name in ((OWN, "Payer sans guichet"), (TEXTS[2], "Suivre les transits")):
        name_cluster(workspace, member, name)
        expect(phone.get_by_text(name)).to_be_visible()
    stage(console).get_by_role("button", name="End the grouping").click()


def name_cluster(workspace: Locator, member: str, name: str) -> None:
    card = workspace.page.locator(".card-text", has_text=member)
    cluster = workspace.locator(".cluster").filter(has=card)
    cluster.get_by_role("button", name="Name it").click()
    box = cluster.get_by_role("textbox", name="Name of the group")
    box.fill(name)
    box.press("Enter")


def comment(expert: Page, console: Page) -> None:
    expert.get_by_role("tab", name=re.compile("^4. Automation")).click()
    cluster = expert.locator(".cluster").filter(has_text="Payer sans guichet")
    cluster.get_by_role("button", name="Comment").first.click()
    cluster.get_by_role("textbox", name=re.compile("^Your comment, as")).fill(EXPERT_REMARK)
    cluster.locator("form").get_by_role("button", name="Comment").click()
    expect(console.get_by_text(EXPERT_REMARK)).to_be_visible()


def vote(console: Page, phone: Page, wall: Page, seats: list[Client]) -> None:
    choose_round(console, "Vote 1: 3 points per factor, at most 2 per group")
    phone.get_by_role("tab", name=re.compile("^4. Automation")).click()
    more = phone.get_by_role("button", name="Give one: Payer sans guichet")
    more.click()
    more.click()
    expect(phone.get_by_text("Your ballot is in the urn.")).to_be_visible()
    round_ = seats[0].round("V1")
    by_name = {c["name"]: c["id"] for c in seats[0].replica.all("clusters")}
    for number, seat in enumerate(seats):
        chosen = "Payer sans guichet" if number < 2 else "Suivre les transits"
        seat.do("ballot.cast", round="V1", epoch=round_["epoch"], revision=1, choices={by_name[chosen]: 2})
    # No count anywhere before the publication: the wall and the console show a turnout at most.
    expect(wall.locator(".bar")).to_have_count(0)
    stage(console).get_by_role("button", name=re.compile("^Close")).click()
    expect(wall.locator(".bar")).to_have_count(0)
    stage(console).get_by_role("button", name="Count and publish").click()
    confirm(console, "ublish")
    expect(wall.get_by_text("Suivre les transits").first).to_be_visible()
    expect(phone.get_by_text("Suivre les transits").first).to_be_visible()


def check_csv(server: Server) -> None:
    facilitator = Client(server.links["facilitator"])
    exported = {name: download(facilitator, name) for name in ("cards", "votes", "comments")}
    texts = {row["text"] for row in exported["cards"]}
    assert texts == {OWN, *TEXTS} - {OFF_TOPIC, TEXTS[5]} | {"'" + TEXTS[5]}
    totals = {row["target_label"]: int(row["total"]) for row in exported["votes"]}
    assert totals["Payer sans guichet"] == 2 + 2 * 2
    assert totals["Suivre les transits"] == 5 * 2
    grouped = [row for row in exported["cards"] if row["cluster_name"] == "Payer sans guichet"]
    assert len(grouped) == 3
    assert all(EXPERT_REMARK in str(row) for row in grouped)
    # Two of eight seats are external: fewer than five, so no figure is split by side.
    assert all(row["internal"] == row["external"] == "" for row in exported["votes"])
    (remark,) = exported["comments"]
    assert (remark["by"], remark["text"]) == ("expert", EXPERT_REMARK)


def download(client: Client, name: str) -> list[dict[str, str]]:
    answer = client.session.get(
        f"{client.base}/b/{client.page['handle']}/exports/{name}.csv?flavour=plain", timeout=20
    )
    answer.raise_for_status()
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
